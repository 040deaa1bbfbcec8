import type { LimitAlgorithm, Sample } from './limit-algorithm.ts'

export interface GradientOptions {
  /** How fast the limit follows. Default 0.2. */
  smoothing?: number
  /** Durations may be this many times the usual before the limit falls. Default 1.5. */
  tolerance?: number
  /** What the limit grows by while durations are as usual. Default 4. */
  queueSize?: number
  /** Calls over which the usual duration is averaged. Default 600. */
  longWindow?: number
}

/**
 * Compares each duration with the long-term average: when calls get slower than usual, they queue somewhere, and the
 * limit falls in proportion. Source: Gradient2Limit of Netflix's concurrency-limits.
 */
export class Gradient implements LimitAlgorithm {
  private readonly smoothing: number
  private readonly tolerance: number
  private readonly queueSize: number
  private readonly longWindow: number
  private usual = 0
  private samples = 0

  constructor({ smoothing = 0.2, tolerance = 1.5, queueSize = 4, longWindow = 600 }: GradientOptions) {
    this.smoothing = smoothing
    this.tolerance = tolerance
    this.queueSize = queueSize
    this.longWindow = longWindow
  }

  update({ duration, inFlight, dropped }: Sample, limit: number): number {
    this.learn(duration)
    if (this.usual > duration * 2) this.usual *= 0.95
    if (!dropped && inFlight < limit / 2) return limit
    const gradient = dropped
      ? 0.5
      : Math.max(0.5, Math.min(1, (this.tolerance * this.usual) / Math.max(duration, 1e-3)))
    return limit * (1 - this.smoothing) + (limit * gradient + (dropped ? 0 : this.queueSize)) * this.smoothing
  }

  /** A plain average at first, an exponential one from then on. */
  private learn(duration: number): void {
    this.samples = Math.min(this.samples + 1, this.longWindow)
    this.usual += (duration - this.usual) / Math.max(1, Math.min(this.samples, (this.longWindow + 1) / 2))
  }
}
