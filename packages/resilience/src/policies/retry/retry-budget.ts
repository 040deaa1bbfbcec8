import { OptionTable } from '../../options/option-table.ts'
import { milliseconds, number, share, wholeNumber } from '../../options/rules.ts'
import type { World } from '../../world/world.ts'
import { SlidingWindowBudget } from './sliding-window-budget.ts'
import { TokenBucketBudget } from './token-bucket-budget.ts'

/**
 * Bounds the extra calls (retries and hedges) of everyone who shares it, so that a failing callee does not see its load
 * multiplied. Asked before the delay, so that nobody waits for a retry that will not come.
 */
export interface RetryBudget {
  /** A first attempt is under way. */
  onCall(now: number): void
  /** True: the extra call may be made, and is counted. */
  tryExtra(now: number, cause: ExtraCall): boolean
  /** A call succeeded. */
  onSuccess(now: number): void
  metrics(now: number): Readonly<Record<string, number>>
}

/**
 * A budget that outlives a restart. It belongs to several pipelines, so none of them has it in its own snapshot: save it
 * where it is made.
 */
export interface RestorableBudget extends RetryBudget {
  /** What a restart should not forget, ready for JSON. @param world time; default: the system's */
  snapshot(world?: World): unknown
  /** Takes up where a snapshot left off. @throws OptionError when it is none of this kind of budget */
  restore(snapshot: unknown, world?: World): void
}

/** Why another attempt is wanted. */
export type ExtraCall = 'error' | 'timeout' | 'hedge'

export interface SlidingWindowOptions {
  /** Extra calls for each call. Default 0.2: a failing callee sees at most 1.2 times the load. */
  ratio?: number
  /** Extra calls for each window that are always allowed, so that a quiet process can retry too. Default 3. */
  minimum?: number
  /** Milliseconds. Default 10 000. */
  window?: number
}

export interface TokenBucketOptions {
  /** What the bucket holds, and starts with. Usually 500. */
  tokens: number
  /** What a retry after an error, or a hedge, takes. Default 5. */
  retryCost?: number
  /** What a retry after a timeout takes: those load the callee most. Default 10. */
  timeoutCost?: number
  /** What a success puts back. Default 1. */
  successRefund?: number
}

/**
 * A budget to share: `retry({ budget })`, `hedge({ budget })`. By default a share of the calls of a sliding window
 * (source: Finagle's RetryBudget, Envoy's retry budgets); with `tokens`, a bucket that retries empty and successes fill
 * (source: the AWS SDKs' standard retry mode).
 */
export function retryBudget(options: SlidingWindowOptions | TokenBucketOptions = {}): RestorableBudget {
  if ('tokens' in options) return new TokenBucketBudget(TOKEN_BUCKET.create(options))
  return new SlidingWindowBudget(SLIDING_WINDOW.create(options))
}

const SLIDING_WINDOW = new OptionTable<SlidingWindowOptions>('retryBudget', {
  ratio: { rule: share, default: 0.2 },
  minimum: { rule: wholeNumber(0), default: 3 },
  window: { rule: milliseconds(1), default: 10_000 },
})

const TOKEN_BUCKET = new OptionTable<TokenBucketOptions>('retryBudget', {
  tokens: { rule: wholeNumber(1), required: true },
  retryCost: { rule: number(0), default: 5 },
  timeoutCost: { rule: number(0), default: 10 },
  successRefund: { rule: number(0), default: 1 },
})
