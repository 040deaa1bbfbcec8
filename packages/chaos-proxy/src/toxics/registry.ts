import { bandwidth } from './bandwidth.ts'
import type { Kind } from './kind.ts'
import { latency } from './latency.ts'
import { limitData } from './limit-data.ts'
import { noop } from './noop.ts'
import { resetPeer } from './reset-peer.ts'
import { slicer } from './slicer.ts'
import { slowClose } from './slow-close.ts'
import { timeout } from './timeout.ts'

/** Every toxic there is: a new one is a file and a line here. */
const KINDS = {
  bandwidth,
  latency,
  limit_data: limitData,
  noop,
  reset_peer: resetPeer,
  slicer,
  slow_close: slowClose,
  timeout,
}

/** The types of toxics. */
export type ToxicType = keyof typeof KINDS

/** The attributes of a type; those that are not given are 0, or stay what they are. */
export type AttributesOf<Type extends ToxicType> =
  (typeof KINDS)[Type] extends Kind<infer Name> ? { readonly [Attribute in Name]?: number } : never

const byType = new Map<string, Kind>(Object.entries(KINDS))

export const kindOf = (type: string): Kind | undefined => byType.get(type)
