import { TimeoutError } from '../../errors/errors.ts'
import { stackless } from '../../errors/stackless.ts'
import type { Call } from '../../pipeline/call.ts'
import type { Binding, HookLayer } from '../../pipeline/policy.ts'
import { type Expiries, type Expiry, expiriesOf, remove } from '../../world/expiries.ts'
import type { Timeout } from './timeout.ts'

/** Sees all of the call, since it narrows and interrupts what no other hook does. */
export class TimeoutLayer implements HookLayer<Attempt | undefined> {
  readonly policy: Timeout
  readonly binding: Binding
  private current: Limit | undefined

  constructor(policy: Timeout, binding: Binding) {
    this.policy = policy
    this.binding = binding
  }

  enter(call: Call): Attempt | undefined {
    const { limit } = this.policy
    if (limit === Number.POSITIVE_INFINITY) return undefined
    if (this.current?.duration !== limit) this.current = new Limit(this, limit)
    const attempt = new Attempt(this.current, call)
    call.narrow(this.current.expiries.add(attempt, call.enterTime()))
    return attempt
  }

  exit(call: Call, attempt: Attempt | undefined): void {
    if (attempt === undefined) return
    remove(attempt)
    if (call.detached) return
    call.limit = attempt.outerLimit
    const { interruption } = call
    const endedHere = interruption?.depth === call.depth
    if (!endedHere || !call.failed) return
    this.policy.count()
    call.fail(interruption.error)
    if (this.binding.observed)
      this.binding.emit({
        type: 'timeout',
        pipeline: this.binding.pipeline,
        policy: this.policy.name,
        limit: attempt.limit.duration,
      })
  }
}

/** What is inside of the timeout, once: an entry in the list of all calls with the same limit. */
class Attempt implements Expiry {
  at: number | undefined = undefined
  previous: Expiry | undefined = undefined
  next: Expiry | undefined = undefined
  readonly limit: Limit
  readonly outerLimit: number | undefined
  private readonly call: Call
  private readonly depth: number

  constructor(limit: Limit, call: Call) {
    this.limit = limit
    this.outerLimit = call.limit
    this.call = call
    this.depth = call.depth
  }

  expire(): void {
    const { duration, layer } = this.limit
    const { binding, policy } = layer
    const origin = { pipeline: binding.pipeline, policy: policy.name }
    const error = stackless(() => new TimeoutError(origin, duration))
    this.call.interrupt(error, this.depth, false, policy.abandon)
  }
}

/** The limit of a timeout until it is reconfigured, which calls under way keep. */
class Limit {
  readonly layer: TimeoutLayer
  /** Milliseconds. */
  readonly duration: number
  readonly expiries: Expiries

  constructor(layer: TimeoutLayer, duration: number) {
    this.layer = layer
    this.duration = duration
    this.expiries = expiriesOf(layer.binding.world, duration)
  }
}
