import type { Clock } from './clock.ts'
import type { Events } from './events.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

/** What all parts of one server share. */
export interface Context {
  readonly seed: number
  readonly clock: Clock
  readonly log: Log
  readonly events: Events
  readonly metrics: Metrics
  /** How long an upstream may take to accept a connection, in milliseconds. */
  readonly connectTimeout: number
}
