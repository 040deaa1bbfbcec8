import type { Learnt, LimitAlgorithm, Sample } from './limit-algorithm.ts'

export interface AimdOptions {
  /** What the limit is multiplied by when a call is dropped or too slow. Default 0.9. */
  decrease?: number
  /** A call that takes longer than this many milliseconds counts as dropped. Default 5 000. */
  slowCall?: number
}

/** One more while all goes well and the limit is used, a tenth less for each drop. Source: TCP's congestion control. */
export class Aimd implements LimitAlgorithm {
  private readonly decrease: number
  private readonly slowCall: number

  constructor({ decrease, slowCall }: Required<AimdOptions>) {
    this.decrease = decrease
    this.slowCall = slowCall
  }

  update({ duration, inFlight, dropped }: Sample, limit: number): number {
    if (dropped || duration > this.slowCall) return limit * this.decrease
    return inFlight * 2 >= limit ? limit + 1 : limit
  }

  /** Has nothing to remember but the limit. */
  learnt(): Learnt {
    return { usual: 0, steps: 0 }
  }

  takeOver(): void {}
}
