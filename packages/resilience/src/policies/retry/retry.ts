import type { Backoff } from '../../backoff/backoff.ts'
import { exponential } from '../../backoff/exponential.ts'
import { checkOptions } from '../../options/check-options.ts'
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
 */
export function retry(options: RetryOptions = {}): Retry {
  return new Retry(options)
}

export class Retry implements Policy {
  readonly kind = 'retry'
  readonly name: string
  /** The options in force. */
  options: RetrySettings
  /** Counted by the layers. */
  readonly counters = { retries: 0, recovered: 0, exhausted: 0, overBudget: 0 }

  constructor(options: RetryOptions) {
    check(options)
    this.options = settle(options, DEFAULTS)
    this.name = options.name ?? this.kind
  }

  attach(binding: Binding): RetryLayer {
    return new RetryLayer(this, binding)
  }

  /** Changes the options that are given; holds from the next failure on, also for calls under way. */
  reconfigure(options: Omit<RetryOptions, 'name'>): void {
    check(options)
    this.options = settle(options, this.options)
  }

  /** `recovered`: calls that succeeded after all; `exhausted`: that failed in spite of retries. */
  metrics(): PolicyMetrics {
    return { ...this.counters }
  }
}

export interface RetrySettings extends HandledOutcomes {
  readonly maxAttempts: number
  readonly backoff: Backoff
  readonly maxElapsed: number
  readonly maxRetryAfter: number
  readonly retryAfter: RetryAfterReader
  readonly budget: RetryBudget | undefined
}

const DEFAULTS: RetrySettings = {
  maxAttempts: 3,
  backoff: exponential(),
  maxElapsed: Number.POSITIVE_INFINITY,
  maxRetryAfter: 30_000,
  retryAfter: readRetryAfter,
  budget: undefined,
}

function check(options: RetryOptions): void {
  checkOptions('retry', options, {
    maxAttempts: wholeNumber(1),
    backoff: aFunction,
    maxElapsed: milliseconds(0, 'infinity'),
    maxRetryAfter: milliseconds(0, 'infinity'),
    retryAfter: aFunction,
    budget: anObject,
    handleError: aFunction,
    handleResult: aFunction,
    name: aName,
  })
}

function settle(options: RetryOptions, base: RetrySettings): RetrySettings {
  return {
    maxAttempts: options.maxAttempts ?? base.maxAttempts,
    backoff: options.backoff ?? base.backoff,
    maxElapsed: options.maxElapsed ?? base.maxElapsed,
    maxRetryAfter: options.maxRetryAfter ?? base.maxRetryAfter,
    retryAfter: options.retryAfter ?? base.retryAfter,
    budget: options.budget ?? base.budget,
    handleError: options.handleError ?? base.handleError,
    handleResult: options.handleResult ?? base.handleResult,
  }
}
