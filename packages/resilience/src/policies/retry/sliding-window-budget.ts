import { SlidingSum } from '../../windows/sliding-sum.ts'
import type { RetryBudget, SlidingWindowOptions } from './retry-budget.ts'

export class SlidingWindowBudget implements RetryBudget {
  private readonly ratio: number
  private readonly minimum: number
  private readonly calls: SlidingSum
  private readonly extras: SlidingSum

  constructor({ ratio, minimum, window }: Required<SlidingWindowOptions>) {
    this.ratio = ratio
    this.minimum = minimum
    this.calls = new SlidingSum(window)
    this.extras = new SlidingSum(window)
  }

  onCall(now: number): void {
    this.calls.add(now, 1)
  }

  onSuccess(): void {}

  tryExtra(now: number): boolean {
    if (this.extras.sum(now) + 1 > this.allowed(now)) return false
    this.extras.add(now, 1)
    return true
  }

  metrics(now: number): Readonly<Record<string, number>> {
    return { calls: this.calls.sum(now), extra: this.extras.sum(now), allowed: this.allowed(now) }
  }

  private allowed(now: number): number {
    return Math.max(this.minimum, Math.floor(this.ratio * this.calls.sum(now)))
  }
}
