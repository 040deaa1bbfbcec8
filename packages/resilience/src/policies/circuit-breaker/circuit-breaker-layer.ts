import { CircuitOpenError } from '../../errors/errors.ts'
import { isFailure } from '../../outcome/handled.ts'
import type { HookedCall } from '../../pipeline/hooked-call.ts'
import type { Binding, HookLayer } from '../../pipeline/policy.ts'
import { rejection } from '../../pipeline/rejection.ts'
import { type Expiry, expiriesOf, remove } from '../../world/expiries.ts'
import type { CircuitBreaker } from './circuit-breaker.ts'

/** The state of a call is its generation; where slow calls count, a record that may turn slow in flight. */
export class CircuitBreakerLayer implements HookLayer<number | CallInFlight> {
  private readonly policy: CircuitBreaker
  private readonly binding: Binding

  constructor(policy: CircuitBreaker, binding: Binding) {
    this.policy = policy
    this.binding = binding
  }

  enter(): number | CallInFlight {
    const { circuit, settings } = this.policy
    if (circuit.state === 'closed' && settings.slowCall === undefined) return circuit.generation
    const now = this.binding.world.now()
    const generation = circuit.tryEnter(now)
    if (generation < 0) throw this.rejection(now)
    if (settings.slowCall === undefined) return generation
    const expiries = expiriesOf(this.binding.world, settings.slowCall)
    const call = new CallInFlight(this.policy, this.binding, generation)
    expiries.add(call, now)
    return call
  }

  exit(call: HookedCall, state: number | CallInFlight): void {
    const { circuit, counters } = this.policy
    const generation = typeof state === 'number' ? state : state.generation
    const alreadySlow = typeof state !== 'number' && state.end()
    const verdict = this.verdict(call)
    if (verdict === 'none') {
      if (!alreadySlow) circuit.release(generation)
      return
    }
    const failed = verdict === 'failure'
    if (failed) counters.failures++
    else counters.successes++
    if (alreadySlow) {
      if (failed) circuit.recordLate(generation, this.binding.world.now())
    } else circuit.record(generation, failed ? this.binding.world.now() : call.enterTime(), failed, false)
  }

  /** A call that was turned away further in, cancelled, or never got to the function says nothing about the callee. */
  private verdict(call: HookedCall): 'success' | 'failure' | 'none' {
    const { handleError, handleResult } = this.policy.settings
    if (!call.failed) return handleResult?.(call.value) ? 'failure' : 'success'
    if (call.cancelled || !call.started) return 'none'
    if (handleError !== undefined) return handleError(call.error) ? 'failure' : 'success'
    return isFailure(call.error) ? 'failure' : 'none'
  }

  private rejection(now: number): CircuitOpenError {
    const { circuit, counters, name } = this.policy
    counters.rejections++
    const state = circuit.state === 'closed' ? 'open' : circuit.state
    const details = state === 'open' ? { retryAfter: Math.max(0, circuit.opensUntil - now) } : {}
    return rejection(this.binding, name, (origin) => new CircuitOpenError(origin, state, details))
  }
}

/** Counts as slow the moment that it is, not when it ends: a callee that hangs would never open the circuit else. */
class CallInFlight implements Expiry {
  at: number | undefined = undefined
  previous: Expiry | undefined = undefined
  next: Expiry | undefined = undefined
  readonly generation: number
  private readonly policy: CircuitBreaker
  private readonly binding: Binding
  private slow = false
  private thrown: { readonly error: unknown } | undefined

  constructor(policy: CircuitBreaker, binding: Binding, generation: number) {
    this.policy = policy
    this.binding = binding
    this.generation = generation
  }

  expire(): void {
    this.slow = true
    this.policy.counters.slow++
    try {
      this.policy.circuit.record(this.generation, this.binding.world.now(), false, true)
    } catch (error) {
      this.thrown = { error }
    }
  }

  /** @returns true when it was counted as slow already; throws what the user's `openFor` threw then */
  end(): boolean {
    remove(this)
    if (this.thrown !== undefined) throw this.thrown.error
    return this.slow
  }
}
