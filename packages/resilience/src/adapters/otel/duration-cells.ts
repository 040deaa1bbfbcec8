import type { EventListener, ExecutionEvent } from '../../telemetry/events.ts'
import { BOUNDARIES, MOST_NAMES } from './durations.ts'

/**
 * Durations of calls in buckets, counted by the library itself: to find the bucket takes a fraction of the time in which
 * the SDK hashes the attributes of one record.
 */
export class DurationCells {
  readonly #pipelines = new Map<string, Map<ExecutionEvent['outcome'], DurationCell>>()

  readonly listener: EventListener = (event) => {
    if (event.type === 'execution') this.#cellOf(event).record(event.duration / 1_000)
  };

  *[Symbol.iterator](): Generator<DurationCell> {
    for (const cells of this.#pipelines.values()) yield* cells.values()
  }

  #cellOf(event: ExecutionEvent): DurationCell {
    const { pipeline, outcome } = event
    let cells = this.#pipelines.get(pipeline)
    if (cells === undefined) {
      cells = new Map()
      this.#pipelines.set(pipeline, cells)
      const oldest = this.#pipelines.size > MOST_NAMES ? this.#pipelines.keys().next().value : undefined
      if (oldest !== undefined) this.#pipelines.delete(oldest)
    }
    let cell = cells.get(outcome)
    if (cell === undefined) {
      cell = new DurationCell(pipeline, outcome)
      cells.set(outcome, cell)
    }
    return cell
  }
}

/** One pipeline and outcome. Seconds. */
export class DurationCell {
  readonly pipeline: string
  readonly outcome: ExecutionEvent['outcome']
  /** How many fell into each bucket; the last is of those over all boundaries. */
  readonly counts: number[] = new Array<number>(BOUNDARIES.length + 1).fill(0)
  count = 0
  sum = 0
  min = Number.POSITIVE_INFINITY
  max = Number.NEGATIVE_INFINITY

  constructor(pipeline: string, outcome: ExecutionEvent['outcome']) {
    this.pipeline = pipeline
    this.outcome = outcome
  }

  record(value: number): void {
    let bucket = 0
    // Most calls are short, and the list is.
    while (bucket < BOUNDARIES.length && value > (BOUNDARIES[bucket] ?? 0)) bucket++
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1
    this.count++
    this.sum += value
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
  }
}
