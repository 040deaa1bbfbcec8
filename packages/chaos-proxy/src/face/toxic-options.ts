import type { Direction } from '../stream/direction.ts'
import type { AttributesOf, ToxicType } from '../toxics/registry.ts'

/** Which connections a toxic is for, and for how long. */
export interface ScopeOptions {
  /** The share of connections that it is for, 0 to 1; each connection's lot is drawn once, from the seed. Default 1. */
  readonly toxicity?: number
  /** Only for the first so many connections opened after it was added. Default: all. */
  readonly firstConnections?: number
  /** Only for every nth connection opened after it was added. Default: every one. */
  readonly everyNthConnection?: number
  /** Removes it by itself after so many milliseconds. Default: it stays. */
  readonly expiresIn?: number
}

export interface ToxicOptions extends ScopeOptions {
  /** Unique on its proxy. Default: `<type>_<stream>`. */
  readonly name?: string
  /** `upstream` is what the client sends, `downstream` what the server sends. Default `downstream`. */
  readonly stream?: Direction
}

/** A toxic of any type, its attributes those of the type. */
export type ToxicSpec = {
  [Type in ToxicType]: ToxicOptions & { readonly type: Type; readonly attributes?: AttributesOf<Type> }
}[ToxicType]
