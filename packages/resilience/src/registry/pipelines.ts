import { OptionTable } from '../options/option-table.ts'
import { aFunction, wholeNumber } from '../options/rules.ts'
import type { ObservablePipeline, PipelineSnapshot } from '../pipeline/pipeline.ts'
import { partsOf } from '../pipeline/snapshots.ts'

export interface PipelinesOptions<P> {
  /** Makes the pipeline of a key when it is first asked for: `(host) => pipeline(host, [circuitBreaker()])`. */
  create: (key: string) => P
  /** Default 1 000. */
  maxEntries?: number
}

/**
 * One pipeline for each host, route or tenant, made when first needed. Bounded: when it is full the pipeline that was
 * used longest ago goes, one without calls in flight if there is any among the oldest; its calls end as they would, but
 * its breaker and its counters are forgotten (`snapshot` keeps what a restart should not forget).
 */
export function pipelines<P extends ObservablePipeline>(options: PipelinesOptions<P>): Pipelines<P> {
  return new Pipelines(options)
}

/** How far to look for a pipeline without calls before one with calls is dropped. */
const REACH = 16

export class Pipelines<P extends ObservablePipeline> implements Iterable<P> {
  private readonly create: (key: string) => P
  private readonly maxEntries: number
  /** In the order of use, the latest last. */
  private readonly entries = new Map<string, P>()
  private evicted = 0

  constructor(options: PipelinesOptions<P>) {
    const { create, maxEntries } = optionsOf<P>().create(options)
    this.create = create
    this.maxEntries = maxEntries
  }

  get size(): number {
    return this.entries.size
  }

  /** How many were dropped for want of room; if it grows fast, keys are too fine or `maxEntries` too small. */
  get evictions(): number {
    return this.evicted
  }

  for(key: string): P {
    const known = this.entries.get(key)
    if (known !== undefined) {
      this.entries.delete(key)
      this.entries.set(key, known)
      return known
    }
    if (this.entries.size >= this.maxEntries) this.evict()
    const created = this.create(key)
    this.entries.set(key, created)
    return created
  }

  delete(key: string): void {
    this.entries.delete(key)
  }

  /** What a restart should not forget, by key, in the order of use; ready for JSON. */
  snapshot(): Readonly<Record<string, PipelineSnapshot>> {
    return Object.fromEntries([...this.entries].map(([key, each]) => [key, each.snapshot()]))
  }

  /**
   * Makes the pipelines of the snapshot, as many as there is room for, and has each take up where it left off.
   *
   * @throws OptionError when the snapshot is none, or a policy's part of it
   */
  restore(snapshot: unknown): void {
    const latest = [...partsOf('pipelines', snapshot)].slice(-this.maxEntries)
    for (const [key, part] of latest) this.for(key).restore(part)
  }

  [Symbol.iterator](): Iterator<P> {
    return this.entries.values()
  }

  private evict(): void {
    let oldest: string | undefined
    let looked = 0
    for (const [key, each] of this.entries) {
      oldest ??= key
      if (each.inFlight === 0) {
        oldest = key
        break
      }
      if (++looked === REACH) break
    }
    if (oldest === undefined) return
    this.entries.delete(oldest)
    this.evicted++
  }
}

function optionsOf<P>(): OptionTable<PipelinesOptions<P>> {
  return new OptionTable<PipelinesOptions<P>>('pipelines', {
    create: { rule: aFunction, required: true },
    maxEntries: { rule: wholeNumber(1), default: 1_000 },
  })
}
