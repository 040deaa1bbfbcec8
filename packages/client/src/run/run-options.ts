import type { ClientTracer } from '@chaos-kitchen/telemetry'
import type { Battery } from '../batteries/index.ts'
import type { ClientProfile } from './client-profile.ts'
import type { Listener } from './events.ts'

export interface RunOptions {
  readonly battery: Battery
  readonly seed: number
  readonly client: ClientProfile
  /** Which order service cooks, for the record: the stage runs it already. */
  readonly orderService: string
  readonly tracer: ClientTracer
  readonly listener?: Listener
  /** Ends the run: whatever is in place is lifted, and the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
}
