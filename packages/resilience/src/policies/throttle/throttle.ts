import { ThrottledError } from '../../errors/errors.ts'
import { stackless } from '../../errors/stackless.ts'
import { checkOptions } from '../../options/check-options.ts'
import { aFunction, aName, milliseconds, number } from '../../options/rules.ts'
import { type HandledOutcomes, isFailure, isHandled } from '../../outcome/handled.ts'
import type { Call } from '../../pipeline/call.ts'
import type { Binding, HookLayer, Policy, PolicyMetrics } from '../../pipeline/policy.ts'
import { SlidingSum } from '../../windows/sliding-sum.ts'
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
  private options: ThrottleOptions
  private world: World = systemWorld
  private readonly requests: SlidingSum
  private readonly accepts: SlidingSum
  private rejections = 0

  constructor(options: ThrottleOptions) {
    check(options)
    this.options = options
    this.name = options.name ?? this.kind
    this.requests = new SlidingSum(options.window ?? 120_000)
    this.accepts = new SlidingSum(options.window ?? 120_000)
  }

  /** The share of calls that is held back just now; also for `shed`. */
  get load(): number {
    const now = this.world.now()
    const requests = this.requests.sum(now)
    const accepted = (this.options.overload ?? 2) * this.accepts.sum(now)
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
      exit: (call: Call) => {
        if (this.accepted(call)) this.accepts.add(binding.world.now(), 1)
      },
    }
  }

  /** Keeps what was counted. */
  reconfigure(options: Omit<ThrottleOptions, 'name' | 'window'>): void {
    check(options)
    this.options = { ...this.options, ...options }
  }

  metrics(): PolicyMetrics {
    return { rejections: this.rejections, share: this.load }
  }

  /** What says nothing about the callee counts as accepted: holding calls back for it would be unjust. */
  private accepted(call: Call): boolean {
    if (call.cancelled || !call.started) return true
    if (call.failed && !isFailure(call.error)) return true
    return !isHandled(call, this.options)
  }

  private rejection(binding: Binding, probability: number): ThrottledError {
    this.rejections++
    const origin = { pipeline: binding.pipeline, policy: this.name }
    const error = stackless(() => new ThrottledError(origin, probability))
    if (binding.observed) binding.emit({ type: 'rejection', ...origin, error })
    return error
  }
}

function check(options: ThrottleOptions): void {
  checkOptions('throttle', options, {
    overload: number(1),
    window: milliseconds(1),
    handleError: aFunction,
    handleResult: aFunction,
    name: aName,
  })
}
