/** Learns from finished calls how many the callee can take at once. */
export interface LimitAlgorithm {
  /** @returns the new limit, not yet rounded or bounded */
  update(sample: Sample, limit: number): number
  learnt(): Learnt
  /** Goes on with what another one has learnt. */
  takeOver(learnt: Learnt): void
}

/** Besides the limit itself. */
export interface Learnt {
  /** The usual duration, in milliseconds; 0: unknown. */
  usual: number
  /** How many steps it was learnt from. */
  steps: number
}

export interface Sample {
  /** When it ended, on the world's clock. */
  at: number
  /** Milliseconds. */
  duration: number
  /** Calls in flight when this one started, itself included. */
  inFlight: number
  /** It failed for want of capacity: a timeout, or what `handleError` says. */
  dropped: boolean
}
