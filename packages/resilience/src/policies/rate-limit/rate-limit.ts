import { checkSnapshot } from '../../options/check-options.ts'
import { OptionTable, type Settled } from '../../options/option-table.ts'
import { aName, milliseconds, number, oneOf, wholeNumber } from '../../options/rules.ts'
import type { Binding, Policy, PolicyMetrics } from '../../pipeline/policy.ts'
import { systemWorld } from '../../world/system-world.ts'
import type { World } from '../../world/world.ts'
import { PacedQueue } from './paced-queue.ts'
import { Pacer } from './pacer.ts'
import { RateLimitLayer } from './rate-limit-layer.ts'

export interface RateLimitOptions {
  /** Calls for each interval. */
  limit: number
  /** Milliseconds. Default 1 000. */
  interval?: number
  /**
   * `smooth` (the default): calls keep their distance, `interval / limit`. `bursty`: up to `limit` at once after a
   * pause, then one for each distance.
   */
  kind?: 'smooth' | 'bursty'
  /** Milliseconds that a call may wait for its turn. Default 0. */
  maxWait?: number
  /** In errors, events and metrics. Default `rateLimit`. */
  name?: string
}

/**
 * Bounds the calls in a time. A call whose turn is too far off is turned away with a `RateLimitedError`, which tells
 * when another would fare better (`retryAfter`). Those that wait are served by priority, as in a `bulkhead`. Source: the
 * generic cell rate algorithm.
 */
export function rateLimit(options: RateLimitOptions): RateLimit {
  return new RateLimit(options)
}

export class RateLimit implements Policy {
  readonly kind = 'rateLimit'
  readonly name: string
  /** The options in force. */
  settings: Settled<RateLimitOptions>
  private readonly pacer: Pacer
  private queue: PacedQueue | undefined
  private world: World = systemWorld
  private rejections = 0

  constructor(options: RateLimitOptions) {
    this.settings = OPTIONS.create(options)
    this.name = this.settings.name
    this.pacer = new Pacer(spacingOf(this.settings), burstOf(this.settings))
  }

  /** 1 while calls have to wait, else 0; for `shed`. */
  get load(): number {
    return this.pacer.wait(this.world.now()) > 0 ? 1 : 0
  }

  attach(binding: Binding): RateLimitLayer {
    this.world = binding.world
    this.queue ??= new PacedQueue(this.pacer, binding.world)
    return new RateLimitLayer(this, this.queue, binding)
  }

  /** Calls that wait keep their order and wait by the new rate. */
  reconfigure(options: Partial<Omit<RateLimitOptions, 'name'>>): void {
    this.settings = OPTIONS.change(this.settings, options)
    this.pacer.spacing = spacingOf(this.settings)
    this.pacer.burst = burstOf(this.settings)
    this.queue?.reschedule()
  }

  count(): void {
    this.rejections++
  }

  /** What a restart should not forget, so that it does not take the limit of this interval once more. */
  snapshot(): RateLimitSnapshot {
    return { clearAt: this.world.epoch() + this.pacer.debt(this.world.now()) }
  }

  /** Takes up where a snapshot left off. */
  restore(snapshot: unknown): void {
    checkSnapshot<RateLimitSnapshot>('rateLimit', snapshot, { clearAt: number(0) })
    this.pacer.owe(this.world.now(), Math.max(0, snapshot.clearAt - this.world.epoch()))
    this.queue?.reschedule()
  }

  metrics(): PolicyMetrics {
    return { rejections: this.rejections, waiting: this.queue?.size ?? 0, limit: this.settings.limit }
  }
}

export interface RateLimitSnapshot {
  /** When all that was taken is made up for, in epoch milliseconds. */
  clearAt: number
}

function spacingOf({ limit, interval }: Settled<RateLimitOptions>): number {
  return interval / limit
}

function burstOf({ limit, kind }: Settled<RateLimitOptions>): number {
  return kind === 'bursty' ? limit : 1
}

const OPTIONS = new OptionTable<RateLimitOptions>('rateLimit', {
  limit: { rule: wholeNumber(1), required: true },
  interval: { rule: milliseconds(1), default: 1_000 },
  kind: { rule: oneOf('smooth', 'bursty'), default: 'smooth' },
  maxWait: { rule: milliseconds(0, 'infinity'), default: 0 },
  name: { rule: aName, default: 'rateLimit', fixed: true },
})
