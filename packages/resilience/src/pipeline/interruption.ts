/** Why a call ends early. `neutral`: by the caller's own doing, so that no policy counts it against the callee. */
export interface Interruption {
  readonly error: unknown
  /** Of the layer that ends it, and what is inside of it; -1: the caller. */
  readonly depth: number
  readonly neutral: boolean
  /** True when what was awaited was given up, false when it was waited for. */
  readonly abandoned: boolean
}
