import type { Fault } from '../faults/fault.ts'
import type { InvariantResult, OrderOutcome } from '../invariants/index.ts'

/** The outcome of a battery. */
export interface Verdict {
  readonly battery: string
  readonly seed: number
  readonly stage: 'embedded' | 'docker'
  /** Which order service cooked: `starting`, or the file. */
  readonly orderService: string
  readonly client: string
  readonly startedAt: Date
  /** From the first order to the last check, in milliseconds. */
  readonly ms: number
  readonly passed: boolean
  readonly orders: readonly TracedOrder[]
  readonly invariants: readonly InvariantResult[]
  readonly faults: readonly FaultRecord[]
}

export type TracedOrder = OrderOutcome & {
  /** Only when the trace was found there. */
  readonly traceUrl?: string
}

/** A fault as it came: times in milliseconds since the start of the battery. */
export interface FaultRecord {
  readonly fault: Fault
  readonly from: number
  readonly to: number
  /** From the start of a disrupted target until it served again. */
  readonly recoveryMs?: number
}
