import type { ExtraCall, RetryBudget, TokenBucketOptions } from './retry-budget.ts'

export class TokenBucketBudget implements RetryBudget {
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

  metrics(): Readonly<Record<string, number>> {
    return { tokens: this.tokens, capacity: this.capacity }
  }
}
