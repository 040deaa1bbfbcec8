import type { Fault } from '../faults/fault.ts'
import type { Attempt, InvariantResult, Measured, OrderOutcome } from '../invariants/index.ts'

/** What happens in a run, as it happens. `at` is in milliseconds since the start of the battery. */
export type RunEvent =
  | { readonly type: 'order started'; readonly at: number; readonly order: number; readonly traceId: string }
  | { readonly type: 'attempt started'; readonly at: number; readonly order: number; readonly attempt: number }
  | { readonly type: 'attempt failed'; readonly at: number; readonly order: number; readonly attempt: Attempt }
  | { readonly type: 'order ended'; readonly at: number; readonly outcome: OrderOutcome }
  | { readonly type: 'fault started'; readonly at: number; readonly fault: Fault }
  | { readonly type: 'fault ended'; readonly at: number; readonly fault: Fault; readonly recoveryMs?: number }
  | { readonly type: 'trace found'; readonly at: number; readonly order: number; readonly url: string }
  | { readonly type: 'waiting'; readonly at: number; readonly what: string }
  /** `early`: while the run goes on; the verdict tells it once more. */
  | { readonly type: 'invariant'; readonly at: number; readonly result: InvariantResult; readonly early?: true }
  /** What checks that are still open have measured so far, by name. */
  | { readonly type: 'measured'; readonly at: number; readonly checks: Readonly<Record<string, Measured>> }

export type Listener = (event: RunEvent) => void
