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
const KINDS: readonly Kind[] = [bandwidth, latency, limitData, noop, resetPeer, slicer, slowClose, timeout]

const byType = new Map(KINDS.map((kind) => [kind.type, kind]))

export const kindOf = (type: string): Kind | undefined => byType.get(type)
