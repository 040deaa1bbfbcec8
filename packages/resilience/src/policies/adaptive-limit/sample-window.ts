import type { Sample } from './limit-algorithm.ts'

const MINIMUM_SAMPLES = 10

/** Makes one sample of many: the mean duration, the most in flight, whether any was dropped. */
export class SampleWindow {
  private readonly span: number
  private startedAt = Number.NEGATIVE_INFINITY
  private count = 0
  private total = 0
  private inFlight = 0
  private dropped = false

  constructor(span: number) {
    this.span = span
  }

  /** @returns the sample of the window, when this one completes it */
  add(sample: Sample): Sample | undefined {
    if (this.count === 0) this.startedAt = sample.at
    this.count++
    this.total += sample.duration
    this.inFlight = Math.max(this.inFlight, sample.inFlight)
    this.dropped ||= sample.dropped
    if (this.count < MINIMUM_SAMPLES || sample.at - this.startedAt < this.span) return undefined
    const { inFlight, dropped } = this
    const duration = this.total / this.count
    this.count = 0
    this.total = 0
    this.inFlight = 0
    this.dropped = false
    return { at: sample.at, duration, inFlight, dropped }
  }
}
