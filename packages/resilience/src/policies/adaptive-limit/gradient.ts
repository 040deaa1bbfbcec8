import type { Learnt, LimitAlgorithm, Sample } from './limit-algorithm.ts'
import { SampleWindow } from './sample-window.ts'

export interface GradientOptions {
  /** How fast the limit follows. Default 0.2. */
  smoothing?: number
  /** Durations may be this many times the usual before the limit falls. Default 1.5. */
  tolerance?: number
  /** What the limit grows by while durations are as usual. Default 4. */
  queueSize?: number
  /** Milliseconds of calls that make one step of the limit; ten calls at least. Default 200. */
  sampleWindow?: number
  /** Steps over which the usual duration is averaged. Default 600. */
  longWindow?: number
}

/**
 * Compares the durations of now with the long-term average: when calls get slower than usual, they queue somewhere, and
 * the limit falls in proportion. Source: Gradient2Limit and WindowedLimit of Netflix's concurrency-limits.
 */
export class Gradient implements LimitAlgorithm {
  private readonly smoothing: number
  private readonly tolerance: number
  private readonly queueSize: number
  private readonly longWindow: number
  private readonly window: SampleWindow
  private usual = 0
  private steps = 0

  constructor({ smoothing, tolerance, queueSize, longWindow, sampleWindow }: Required<GradientOptions>) {
    this.smoothing = smoothing
    this.tolerance = tolerance
    this.queueSize = queueSize
    this.longWindow = longWindow
    this.window = new SampleWindow(sampleWindow)
  }

  update(sample: Sample, limit: number): number {
    const step = this.window.add(sample)
    return step === undefined ? limit : this.next(step, limit)
  }

  learnt(): Learnt {
    return { usual: this.usual, steps: this.steps }
  }

  takeOver({ usual, steps }: Learnt): void {
    this.usual = usual
    this.steps = steps
  }

  private next({ duration, inFlight, dropped }: Sample, limit: number): number {
    this.learn(duration)
    if (this.usual > duration * 2) this.usual *= 0.95
    if (dropped) return limit * (1 - this.smoothing / 2)
    if (inFlight < limit / 2) return limit
    const tolerable = this.tolerance * this.usual
    const gradient = duration <= tolerable ? 1 : Math.max(0.5, tolerable / duration)
    return limit * (1 - this.smoothing) + (limit * gradient + this.queueSize) * this.smoothing
  }

  /** A plain average over the first ten steps, an exponential one from then on. */
  private learn(duration: number): void {
    this.steps++
    const weight = this.steps <= 10 ? 1 / this.steps : 2 / (this.longWindow + 1)
    this.usual += (duration - this.usual) * weight
  }
}
