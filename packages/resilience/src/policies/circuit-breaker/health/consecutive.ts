import type { Health, HealthCounts } from './health.ts'

/** Since the last success. */
export class ConsecutiveHealth implements Health {
  private readonly counts: HealthCounts = { calls: 0, failures: 0, slow: 0, consecutiveFailures: 0 }

  record(_now: number, failed: boolean, slow: boolean): void {
    const { counts } = this
    if (!failed) {
      if (!slow) this.reset()
      return
    }
    counts.calls++
    counts.failures++
    counts.consecutiveFailures++
  }

  recordLate(now: number): void {
    this.record(now, true, false)
  }

  read(): HealthCounts {
    return this.counts
  }

  reset(): void {
    Object.assign(this.counts, { calls: 0, failures: 0, slow: 0, consecutiveFailures: 0 })
  }
}
