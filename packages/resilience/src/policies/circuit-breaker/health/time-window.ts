import type { Health, HealthCounts } from './health.ts'

/** Slices of a window: the granularity with which old calls are forgotten. */
const SLICES = 10

/**
 * The calls of the last `span` milliseconds, to a tenth of it. Ten counters whatever the number of calls; recording and
 * reading take the same time at ten calls as at ten million.
 */
export class TimeWindow implements Health {
  private readonly sliceSpan: number
  private readonly slices = Array.from({ length: SLICES }, () => ({ calls: 0, failures: 0, slow: 0 }))
  private current = 0
  private endsAt = Number.NEGATIVE_INFINITY
  private readonly counts: HealthCounts = { calls: 0, failures: 0, slow: 0, consecutiveFailures: 0 }

  constructor(span: number) {
    this.sliceSpan = span / SLICES
  }

  record(now: number, failed: boolean, slow: boolean): void {
    if (now >= this.endsAt) this.turn(now)
    const slice = this.slices[this.current]
    if (slice === undefined) return
    const { counts } = this
    slice.calls++
    counts.calls++
    if (failed) {
      slice.failures++
      counts.failures++
      counts.consecutiveFailures++
    } else counts.consecutiveFailures = 0
    if (slow) {
      slice.slow++
      counts.slow++
    }
  }

  recordLate(now: number): void {
    if (now >= this.endsAt) this.turn(now)
    const slice = this.slices[this.current]
    if (slice === undefined) return
    slice.failures++
    this.counts.failures++
    this.counts.consecutiveFailures++
  }

  read(now: number): HealthCounts {
    if (now >= this.endsAt) this.turn(now)
    return this.counts
  }

  reset(): void {
    for (const slice of this.slices) Object.assign(slice, { calls: 0, failures: 0, slow: 0 })
    Object.assign(this.counts, { calls: 0, failures: 0, slow: 0, consecutiveFailures: 0 })
    this.endsAt = Number.NEGATIVE_INFINITY
  }

  /** Moves on to the slice of now, and forgets those that the window has left. */
  private turn(now: number): void {
    if (this.endsAt === Number.NEGATIVE_INFINITY) {
      this.endsAt = now + this.sliceSpan
      return
    }
    const steps = Math.floor((now - this.endsAt) / this.sliceSpan) + 1
    for (let step = 0; step < Math.min(steps, SLICES); step++) {
      this.current = (this.current + 1) % SLICES
      this.forgetCurrent()
    }
    this.endsAt += steps * this.sliceSpan
    if (this.endsAt <= now) this.endsAt = now + this.sliceSpan
  }

  private forgetCurrent(): void {
    const slice = this.slices[this.current]
    if (slice === undefined) return
    this.counts.calls -= slice.calls
    this.counts.failures -= slice.failures
    this.counts.slow -= slice.slow
    Object.assign(slice, { calls: 0, failures: 0, slow: 0 })
  }
}
