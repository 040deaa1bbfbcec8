import { ThrottledError } from '../../errors/errors.ts'
import { checkSnapshot } from '../../options/check-options.ts'
import { OptionTable, type Settled } from '../../options/option-table.ts'
import { aFunction, aName, milliseconds, number } from '../../options/rules.ts'
import { type HandledOutcomes, isFailure, isHandled } from '../../outcome/handled.ts'
import type { HookedCall } from '../../pipeline/hooked-call.ts'
import type { Binding, HookLayer, Policy, PolicyMetrics } from '../../pipeline/policy.ts'
import { rejection } from '../../pipeline/rejection.ts'
import { aHistory, type PastAmount, SlidingSum } from '../../windows/sliding-sum.ts'
import { systemWorld } from '../../world/system-world.ts'
import type { World } from '../../world/world.ts'

export interface ThrottleOptions extends HandledOutcomes {
  /** How many calls are sent for each that is accepted, before any is held back. Default 2. */
  overload?: number
  /** Milliseconds. Default 120 000. */
  window?: number
  /** In errors, events and metrics. Default `throttle`. */
  name?: string
}

/**
 * Holds back a share of the calls that grows with the share that the callee refuses, so that a recovering callee gets
 * as many calls as it can take, plus a few to see when it can take more. Unlike a circuit breaker it never closes the
 * door. Held back calls fail with a `ThrottledError`.
 *
 * Source: client-side throttling in "Handling Overload", Site Reliability Engineering:
 * p = max(0, (requests − K × accepts) / (requests + 1)).
 */
export function throttle(options: ThrottleOptions = {}): Throttle {
  return new Throttle(options)
}

export class Throttle implements Policy {
  readonly kind = 'throttle'
  readonly name: string
  private settings: Settled<ThrottleOptions, keyof HandledOutcomes>
  private world: World = systemWorld
  private readonly requests: SlidingSum
  private readonly accepts: SlidingSum
  private rejections = 0

  constructor(options: ThrottleOptions) {
    this.settings = OPTIONS.create(options)
    this.name = this.settings.name
    this.requests = new SlidingSum(this.settings.window)
    this.accepts = new SlidingSum(this.settings.window)
  }

  /** The share of calls that is held back just now; also for `shed`. */
  get load(): number {
    const now = this.world.now()
    const requests = this.requests.sum(now)
    const accepted = this.settings.overload * this.accepts.sum(now)
    return Math.max(0, (requests - accepted) / (requests + 1))
  }

  attach(binding: Binding): HookLayer<void> {
    this.world = binding.world
    return {
      enter: () => {
        const probability = this.load
        this.requests.add(binding.world.now(), 1)
        if (probability > 0 && binding.world.random() < probability) throw this.rejection(binding, probability)
      },
      exit: (call: HookedCall) => {
        if (this.accepted(call)) this.accepts.add(binding.world.now(), 1)
      },
    }
  }

  /** Keeps what was counted. */
  reconfigure(options: Omit<ThrottleOptions, 'name' | 'window'>): void {
    this.settings = OPTIONS.change(this.settings, options)
  }

  /** What a restart should not forget, so that it does not hit the callee with all that was held back. */
  snapshot(): ThrottleSnapshot {
    const now = this.world.now()
    return {
      takenAt: this.world.epoch(),
      requests: this.requests.history(now),
      accepts: this.accepts.history(now),
    }
  }

  /** Takes up where a snapshot left off; what has left the window since does not count. */
  restore(snapshot: unknown): void {
    checkSnapshot<ThrottleSnapshot>('throttle', snapshot, SNAPSHOT_RULES)
    const now = this.world.now()
    const elapsed = Math.max(0, this.world.epoch() - snapshot.takenAt)
    this.requests.replay(now, snapshot.requests, elapsed)
    this.accepts.replay(now, snapshot.accepts, elapsed)
  }

  metrics(): PolicyMetrics {
    return { rejections: this.rejections, share: this.load }
  }

  /** What says nothing about the callee counts as accepted: holding calls back for it would be unjust. */
  private accepted(call: HookedCall): boolean {
    if (!call.started) return true
    if (call.failed && !isFailure(call.error)) return true
    return !isHandled(call, this.settings)
  }

  private rejection(binding: Binding, probability: number): ThrottledError {
    this.rejections++
    return rejection(binding, this.name, (origin) => new ThrottledError(origin, probability))
  }
}

export interface ThrottleSnapshot {
  /** Epoch milliseconds. */
  takenAt: number
  requests: PastAmount[]
  accepts: PastAmount[]
}

const SNAPSHOT_RULES = { takenAt: number(0), requests: aHistory, accepts: aHistory }

const OPTIONS = new OptionTable<ThrottleOptions, keyof HandledOutcomes>('throttle', {
  overload: { rule: number(1), default: 2 },
  window: { rule: milliseconds(1), default: 120_000, fixed: true },
  handleError: { rule: aFunction, default: undefined },
  handleResult: { rule: aFunction, default: undefined },
  name: { rule: aName, default: 'throttle', fixed: true },
})
