import type { Backoff } from '../../backoff/backoff.ts'
import { exponential } from '../../backoff/exponential.ts'
import { OptionTable, type Settled } from '../../options/option-table.ts'
import { aFunction, aName, anObject, milliseconds, wholeNumber } from '../../options/rules.ts'
import type { HandledOutcomes } from '../../outcome/handled.ts'
import type { Binding, Policy, PolicyMetrics } from '../../pipeline/policy.ts'
import { type RetryAfterReader, readRetryAfter } from './retry-after.ts'
import type { RetryBudget } from './retry-budget.ts'
import { RetryLayer } from './retry-layer.ts'

export interface RetryOptions extends HandledOutcomes {
  /** Calls, the first included. Default 3. */
  maxAttempts?: number
  /** Default `exponential()`: 100 ms, doubling, at most 10 s, full jitter. */
  backoff?: Backoff
  /** No further attempt starts later than this many milliseconds after the first. Default Infinity. */
  maxElapsed?: number
  /** Gives up at once when the callee asks for a longer wait than this many milliseconds. Default 30 000. */
  maxRetryAfter?: number
  /**
   * How long the callee asks to wait, in milliseconds. Default: the error's or the result's `retryAfter`, or its
   * Retry-After header.
   */
  retryAfter?: RetryAfterReader
  /** Shared with everyone else who calls the same callee. Default: none, each call is on its own. */
  budget?: RetryBudget
  /** In errors, events and metrics. Default `retry`. */
  name?: string
}

/**
 * Calls again when a call fails, after a delay. Throws the error of the last attempt as it is.
 *
 * Gives up at once, instead of after the delay, when the next attempt could not start before the deadline, when the
 * callee asks for too long a wait, and when the budget is spent. Never retries what another policy turned away, what
 * the caller cancelled, nor calls made with `idempotent: false`.
 *
 * Source: "Timeouts, retries, and backoff with jitter", Amazon Builders' Library.
 */
export function retry(options: RetryOptions = {}): Retry {
  return new Retry(options)
}

export class Retry implements Policy {
  readonly kind = 'retry'
  readonly name: string
  /** The options in force. */
  settings: RetrySettings
  /** Counted by the layers. */
  readonly counters = { retries: 0, recovered: 0, exhausted: 0, overBudget: 0 }

  constructor(options: RetryOptions) {
    this.settings = OPTIONS.create(options)
    this.name = this.settings.name
  }

  attach(binding: Binding): RetryLayer {
    return new RetryLayer(this, binding)
  }

  /** Changes the options that are given; holds from the next failure on, also for calls under way. */
  reconfigure(options: Omit<RetryOptions, 'name'>): void {
    this.settings = OPTIONS.change(this.settings, options)
  }

  /** `recovered`: calls that succeeded after all; `exhausted`: that failed in spite of retries. */
  metrics(): PolicyMetrics {
    return { ...this.counters }
  }
}

type Unset = 'budget' | keyof HandledOutcomes
export type RetrySettings = Settled<RetryOptions, Unset>

const OPTIONS = new OptionTable<RetryOptions, Unset>('retry', {
  maxAttempts: { rule: wholeNumber(1), default: 3 },
  backoff: { rule: aFunction, default: exponential() },
  maxElapsed: { rule: milliseconds(0, 'infinity'), default: Number.POSITIVE_INFINITY },
  maxRetryAfter: { rule: milliseconds(0, 'infinity'), default: 30_000 },
  retryAfter: { rule: aFunction, default: readRetryAfter },
  budget: { rule: anObject, default: undefined },
  handleError: { rule: aFunction, default: undefined },
  handleResult: { rule: aFunction, default: undefined },
  name: { rule: aName, default: 'retry', fixed: true },
})
