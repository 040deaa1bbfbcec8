/**
 * Bounds the extra calls (retries and hedges) of everyone who shares it, so that a failing callee does not see its load
 * multiplied. See `slidingWindowBudget` and `tokenBucketBudget`.
 */
export interface RetryBudget {
  readonly kind: string
  /** A first attempt is under way. */
  onCall(now: number): void
  /** True: the extra call may be made, and is counted. */
  tryExtra(now: number, cause: ExtraCall): boolean
  /** An attempt succeeded. */
  onSuccess(now: number): void
  metrics(now: number): Readonly<Record<string, number>>
}

/** Why another attempt is wanted. */
export type ExtraCall = 'error' | 'timeout' | 'hedge'
