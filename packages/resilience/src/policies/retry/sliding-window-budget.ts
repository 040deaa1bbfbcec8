import { checkSnapshot } from '../../options/check-options.ts'
import { number } from '../../options/rules.ts'
import { aHistory, type PastAmount, SlidingSum } from '../../windows/sliding-sum.ts'
import { systemWorld } from '../../world/system-world.ts'
import type { World } from '../../world/world.ts'
import type { RestorableBudget, SlidingWindowOptions } from './retry-budget.ts'

export class SlidingWindowBudget implements RestorableBudget {
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

  snapshot(world: World = systemWorld): SlidingWindowSnapshot {
    const now = world.now()
    return { takenAt: world.epoch(), calls: this.calls.history(now), extras: this.extras.history(now) }
  }

  restore(snapshot: unknown, world: World = systemWorld): void {
    checkSnapshot<SlidingWindowSnapshot>('retryBudget', snapshot, SNAPSHOT_RULES)
    const now = world.now()
    const elapsed = Math.max(0, world.epoch() - snapshot.takenAt)
    this.calls.replay(now, snapshot.calls, elapsed)
    this.extras.replay(now, snapshot.extras, elapsed)
  }

  private allowed(now: number): number {
    return Math.max(this.minimum, Math.floor(this.ratio * this.calls.sum(now)))
  }
}

interface SlidingWindowSnapshot {
  /** Epoch milliseconds. */
  takenAt: number
  calls: PastAmount[]
  extras: PastAmount[]
}

const SNAPSHOT_RULES = { takenAt: number(0), calls: aHistory, extras: aHistory }
