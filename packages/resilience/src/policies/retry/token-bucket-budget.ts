import { checkSnapshot } from '../../options/check-options.ts'
import { number } from '../../options/rules.ts'
import type { ExtraCall, RestorableBudget, TokenBucketOptions } from './retry-budget.ts'

export class TokenBucketBudget implements RestorableBudget {
  private readonly capacity: number
  private readonly retryCost: number
  private readonly timeoutCost: number
  private readonly successRefund: number
  private tokens: number

  constructor({ tokens, retryCost, timeoutCost, successRefund }: Required<TokenBucketOptions>) {
    this.capacity = tokens
    this.tokens = tokens
    this.retryCost = retryCost
    this.timeoutCost = timeoutCost
    this.successRefund = successRefund
  }

  onCall(): void {}

  onSuccess(): void {
    this.tokens = Math.min(this.capacity, this.tokens + this.successRefund)
  }

  tryExtra(_now: number, cause: ExtraCall): boolean {
    const cost = cause === 'timeout' ? this.timeoutCost : this.retryCost
    if (this.tokens < cost) return false
    this.tokens -= cost
    return true
  }

  snapshot(): { tokens: number } {
    return { tokens: this.tokens }
  }

  /** Of a larger bucket, no more than this one holds. */
  restore(snapshot: unknown): void {
    checkSnapshot<{ tokens: number }>('retryBudget', snapshot, { tokens: number(0) })
    this.tokens = Math.min(this.capacity, snapshot.tokens)
  }

  metrics(): Readonly<Record<string, number>> {
    return { tokens: this.tokens, capacity: this.capacity }
  }
}
