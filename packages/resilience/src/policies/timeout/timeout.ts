import { checkOptions, requireThat } from '../../options/check-options.ts'
import { aBoolean, aName, milliseconds } from '../../options/rules.ts'
import type { Binding, Policy, PolicyMetrics } from '../../pipeline/policy.ts'
import { TimeoutLayer } from './timeout-layer.ts'

export interface TimeoutOptions {
  /** Milliseconds; Infinity: no limit. */
  limit: number
  /**
   * True (the default): the call rejects the moment that the time is up, even where the function ignores its signal;
   * layers inside of the timeout stay occupied until the function really ends. False: the signal aborts and the call
   * waits for the function to end by itself.
   */
  abandon?: boolean
  /** In errors, events and metrics. Default `timeout`. */
  name?: string
}

/**
 * Bounds the time of everything inside of it: outermost, the whole call with its retries and waits; inside of a retry,
 * each attempt. When the time is up the function's signal aborts and the call rejects with a `TimeoutError`. Never
 * aborts the signal of a call that succeeded, so bodies may be read later.
 *
 * Tells what is inside how long there is left: `context.deadline`.
 *
 * @param limit milliseconds
 */
export function timeout(limit: number | TimeoutOptions): Timeout {
  return new Timeout(typeof limit === 'object' ? limit : { limit })
}

export class Timeout implements Policy {
  readonly kind = 'timeout'
  readonly name: string
  /** Milliseconds. */
  limit: number
  readonly abandon: boolean
  private timeouts = 0

  constructor(options: TimeoutOptions) {
    check(options)
    this.limit = options.limit
    this.abandon = options.abandon ?? true
    this.name = options.name ?? this.kind
  }

  attach(binding: Binding): TimeoutLayer {
    return new TimeoutLayer(this, binding)
  }

  /** Calls that are under way keep the limit that they started with. */
  reconfigure(options: Pick<TimeoutOptions, 'limit'>): void {
    check(options)
    this.limit = options.limit
  }

  count(): void {
    this.timeouts++
  }

  metrics(): PolicyMetrics {
    return { timeouts: this.timeouts, limit: this.limit }
  }
}

function check(options: TimeoutOptions): void {
  requireThat(options?.limit !== undefined, 'timeout', 'limit', 'limit must be given, in milliseconds')
  checkOptions('timeout', options, { limit: milliseconds(1, 'infinity'), abandon: aBoolean, name: aName })
}
