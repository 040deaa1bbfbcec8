import { RateLimitedError } from '../../errors/errors.ts'
import { stackless } from '../../errors/stackless.ts'
import { checkOptions, OptionError } from '../../options/check-options.ts'
import { aName, milliseconds, oneOf, wholeNumber } from '../../options/rules.ts'
import type { Call } from '../../pipeline/call.ts'
import type { Binding, HookLayer, Policy, PolicyMetrics } from '../../pipeline/policy.ts'
import { systemWorld } from '../../world/system-world.ts'
import type { World } from '../../world/world.ts'
import { PacedQueue } from './paced-queue.ts'
import { Pacer } from './pacer.ts'

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
 * when another would fare better (`retryAfter`).
 */
export function rateLimit(options: RateLimitOptions): RateLimit {
  return new RateLimit(options)
}

export class RateLimit implements Policy {
  readonly kind = 'rateLimit'
  readonly name: string
  private options: RateLimitOptions
  private readonly pacer: Pacer
  private queue: PacedQueue | undefined
  private world: World = systemWorld
  private rejections = 0

  constructor(options: RateLimitOptions) {
    check(options)
    this.options = options
    this.name = options.name ?? this.kind
    this.pacer = new Pacer(spacingOf(options), burstOf(options))
  }

  /** 1 while calls have to wait, else 0; for `shed`. */
  get load(): number {
    return this.pacer.wait(this.world.now()) > 0 ? 1 : 0
  }

  attach(binding: Binding): HookLayer<void> {
    this.world = binding.world
    this.queue ??= new PacedQueue(this.pacer, binding.world)
    const { queue } = this
    return {
      enter: (call: Call) => {
        if (queue.tryEnter()) return
        const wait = queue.nextWait()
        if (wait > (this.options.maxWait ?? 0)) throw this.rejection(binding, wait)
        queue.enter(call)
      },
      exit: () => {},
    }
  }

  /** Calls that wait keep their order and wait by the new rate. */
  reconfigure(options: Partial<Omit<RateLimitOptions, 'name'>>): void {
    const changed = { ...this.options, ...options }
    check(changed)
    this.options = changed
    this.pacer.spacing = spacingOf(changed)
    this.pacer.burst = burstOf(changed)
    this.queue?.reschedule()
  }

  metrics(): PolicyMetrics {
    return { rejections: this.rejections, waiting: this.queue?.size ?? 0, limit: this.options.limit }
  }

  private rejection(binding: Binding, wait: number): RateLimitedError {
    this.rejections++
    const origin = { pipeline: binding.pipeline, policy: this.name }
    const error = stackless(() => new RateLimitedError(origin, Math.ceil(wait)))
    if (binding.observed) binding.emit({ type: 'rejection', ...origin, error })
    return error
  }
}

function spacingOf({ limit, interval = 1_000 }: RateLimitOptions): number {
  return interval / limit
}

function burstOf({ limit, kind }: RateLimitOptions): number {
  return kind === 'bursty' ? limit : 1
}

function check(options: RateLimitOptions): void {
  checkOptions('rateLimit', options, {
    limit: wholeNumber(1),
    interval: milliseconds(1),
    kind: oneOf('smooth', 'bursty'),
    maxWait: milliseconds(0, 'infinity'),
    name: aName,
  })
  if (options.limit === undefined) throw new OptionError('rateLimit', 'limit', 'limit must be given')
}
