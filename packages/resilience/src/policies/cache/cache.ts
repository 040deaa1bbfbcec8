import { OptionTable, type Settled } from '../../options/option-table.ts'
import { aFunction, aName, milliseconds, wholeNumber } from '../../options/rules.ts'
import type { CallContext } from '../../pipeline/context.ts'
import type { Binding, NextOptions, Policy, PolicyMetrics, WrapLayer } from '../../pipeline/policy.ts'
import type { CacheEvent } from '../../telemetry/events.ts'
import { BoundedMap } from './bounded-map.ts'

export interface CacheOptions {
  /** Milliseconds that a value is fresh. */
  ttl: number
  /** Milliseconds after that in which the old value is returned while a new one is fetched. Default 0. */
  staleWhileRevalidate?: number
  /** Milliseconds after `ttl` in which the old value is returned when fetching a new one fails. Default 0. */
  staleIfError?: number
  /** Entries; the one that was used longest ago goes first. Default 1 000. */
  maxEntries?: number
  /** False: the value is returned but not kept. Default: every value is kept. */
  keep?: (value: unknown) => boolean
  /** Which errors may be answered with a stale value. Default: all. */
  handleError?: (error: unknown) => boolean
  /** In events and metrics. Default `cache`. */
  name?: string
}

/**
 * Returns what an earlier call of the same `key` came to. Keeps values, never errors, in this process alone. Stand a
 * `coalesce()` inside of it, so that many misses at once make one call.
 *
 * Source of the stale rules: RFC 5861.
 */
export function cache(options: CacheOptions): Cache {
  return new Cache(options)
}

export class Cache implements Policy<never, { key: string }> {
  declare readonly types?: { result: never; options: { key: string } }
  readonly kind = 'cache'
  readonly name: string
  private settings: Settled<CacheOptions>
  private readonly entries: BoundedMap<string, Entry>
  private readonly counters = { hits: 0, misses: 0, stale: 0, staleIfError: 0 }
  private clearings = 0

  constructor(options: CacheOptions) {
    this.settings = OPTIONS.create(options)
    this.name = this.settings.name
    this.entries = new BoundedMap(this.settings.maxEntries)
  }

  attach(binding: Binding): WrapLayer {
    return { wrap: (next, context) => this.answer(binding, next, context) }
  }

  /** Forgets one key, or all. What is being fetched just now is returned but not kept: it may be from before. */
  clear(key?: string): void {
    this.clearings++
    if (key === undefined) this.entries.clear()
    else this.entries.delete(key)
  }

  /** Keeps the entries; the new times hold for them too. */
  reconfigure(options: Partial<Omit<CacheOptions, 'name'>>): void {
    this.settings = OPTIONS.change(this.settings, options)
    this.entries.resize(this.settings.maxEntries)
  }

  metrics(): PolicyMetrics {
    return { ...this.counters, entries: this.entries.size }
  }

  private async answer(binding: Binding, next: Next, context: CallContext): Promise<unknown> {
    const { key = '' } = context
    const entry = this.entries.get(key)
    const age = entry === undefined ? Number.POSITIVE_INFINITY : binding.world.now() - entry.storedAt
    const { ttl, staleWhileRevalidate, staleIfError, handleError } = this.settings
    if (entry !== undefined && age < ttl) {
      this.count(binding, 'hits', 'hit')
      return entry.value
    }
    if (entry !== undefined && age < ttl + staleWhileRevalidate) {
      this.count(binding, 'stale', 'stale')
      this.refresh(binding, next, key, entry, ttl + staleWhileRevalidate - age)
      return entry.value
    }
    this.count(binding, 'misses', 'miss')
    try {
      return await this.fetch(binding, next, key)
    } catch (error) {
      if (entry === undefined || age >= ttl + staleIfError || context.signal.aborted || !handleError(error)) throw error
      this.count(binding, 'staleIfError', 'stale-if-error')
      return entry.value
    }
  }

  private async fetch(binding: Binding, next: Next, key: string, options?: NextOptions): Promise<unknown> {
    const { clearings } = this
    const value = await next(options)
    if (clearings === this.clearings && this.settings.keep(value))
      this.entries.set(key, { value, storedAt: binding.world.now(), refreshing: false })
    return value
  }

  /**
   * In the background, once at a time for each key, and given up when the old value's time is over. A failure leaves the
   * old entry, to be tried again next time.
   */
  private refresh(binding: Binding, next: Next, key: string, entry: Entry, patience: number): void {
    if (entry.refreshing) return
    entry.refreshing = true
    const giveUp = new AbortController()
    const timer =
      patience === Number.POSITIVE_INFINITY
        ? undefined
        : binding.world.setTimer(patience, () => giveUp.abort(TOO_LATE), true)
    const done = () => {
      timer?.cancel()
      entry.refreshing = false
    }
    this.fetch(binding, next, key, { background: true, signal: giveUp.signal }).then(done, done)
  }

  private count(binding: Binding, counter: keyof Cache['counters'], result: CacheEvent['result']): void {
    this.counters[counter]++
    if (binding.observed) binding.emit({ type: 'cache', pipeline: binding.pipeline, policy: this.name, result })
  }
}

interface Entry {
  value: unknown
  storedAt: number
  refreshing: boolean
}

/** Why a refresh's signal aborts. */
const TOO_LATE = new DOMException('The old value is too old to be used', 'AbortError')

type Next = (options?: NextOptions) => Promise<unknown>

const always = () => true

const OPTIONS = new OptionTable<CacheOptions>('cache', {
  ttl: { rule: milliseconds(0, 'infinity'), required: true },
  staleWhileRevalidate: { rule: milliseconds(0, 'infinity'), default: 0 },
  staleIfError: { rule: milliseconds(0, 'infinity'), default: 0 },
  maxEntries: { rule: wholeNumber(1), default: 1_000 },
  keep: { rule: aFunction, default: always },
  handleError: { rule: aFunction, default: always },
  name: { rule: aName, default: 'cache', fixed: true },
})
