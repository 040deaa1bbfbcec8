import { OptionTable, type Settled } from '../../options/option-table.ts'
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
 * Tells what is inside how long there is left: `context.deadline`. Source: "Timeouts, retries, and backoff with jitter",
 * Amazon Builders' Library.
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
  abandon: boolean
  private settings: Settled<TimeoutOptions>
  private timeouts = 0

  constructor(options: TimeoutOptions) {
    this.settings = OPTIONS.create(options)
    this.name = this.settings.name
    this.limit = this.settings.limit
    this.abandon = this.settings.abandon
  }

  attach(binding: Binding): TimeoutLayer {
    return new TimeoutLayer(this, binding)
  }

  /** Calls that are under way keep the limit that they started with. */
  reconfigure(options: Partial<Omit<TimeoutOptions, 'name'>>): void {
    this.settings = OPTIONS.change(this.settings, options)
    this.limit = this.settings.limit
    this.abandon = this.settings.abandon
  }

  count(): void {
    this.timeouts++
  }

  metrics(): PolicyMetrics {
    return { timeouts: this.timeouts, limit: this.limit }
  }
}

const OPTIONS = new OptionTable<TimeoutOptions>('timeout', {
  limit: { rule: milliseconds(1, 'infinity'), required: true },
  abandon: { rule: aBoolean, default: true },
  name: { rule: aName, default: 'timeout', fixed: true },
})
