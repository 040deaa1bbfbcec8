import { DeadlineExceededError } from '../errors/errors.ts'
import { ResilienceError } from '../errors/resilience-error.ts'
import type { Timer } from '../world/world.ts'
import type { Call } from './call.ts'
import type { Binding, PolicyMetrics } from './policy.ts'
import { follow } from './signals.ts'

/**
 * The outermost layer of each pipeline: what the caller set (signal, deadline), and the pipeline's own counters. Not a
 * hook among the others, since every call goes through it: the engine calls it by name.
 */
export class CallerLayer {
  private readonly binding: Binding
  private successes = 0
  private failures = 0
  private rejections = 0
  private cancellations = 0
  inFlight = 0

  constructor(binding: Binding) {
    this.binding = binding
  }

  enter(call: Call): void {
    this.inFlight++
    const { signal, deadline } = call.options
    if (signal === undefined && deadline === undefined && !this.binding.observed) return
    const { world } = this.binding
    const state: CallerState = { startedAt: world.now(), unfollow: undefined, timer: undefined }
    if (deadline !== undefined) {
      const error = () => new DeadlineExceededError({ pipeline: this.binding.pipeline, policy: 'deadline' }, deadline)
      const remaining = deadline - world.epoch()
      call.narrow(state.startedAt + remaining)
      if (remaining <= 0) call.interrupt(error(), -1, true)
      else state.timer = world.setTimer(remaining, () => call.interrupt(error(), -1, true))
    }
    if (signal !== undefined) state.unfollow = follow(signal, call, -1)
    call.caller = state
  }

  exit(call: Call): void {
    this.inFlight--
    const outcome = outcomeOf(call)
    if (outcome === 'success') this.successes++
    else if (outcome === 'failure') this.failures++
    else if (outcome === 'rejected') this.rejections++
    else this.cancellations++
    const state = call.caller
    if (state === undefined) return
    state.unfollow?.()
    state.timer?.cancel()
    if (!this.binding.observed) return
    this.binding.emit({
      type: 'execution',
      pipeline: this.binding.pipeline,
      outcome,
      duration: this.binding.world.now() - state.startedAt,
      attempts: call.attempt,
      error: call.failed ? call.error : undefined,
    })
  }

  metrics(): PolicyMetrics {
    const { inFlight, successes, failures, rejections, cancellations } = this
    return { inFlight, successes, failures, rejections, cancellations }
  }
}

export interface CallerState {
  startedAt: number
  unfollow: (() => void) | undefined
  timer: Timer | undefined
}

function outcomeOf(call: Call): 'success' | 'failure' | 'rejected' | 'cancelled' {
  if (!call.failed) return 'success'
  if (call.interruption?.neutral && call.interruption.error === call.error) {
    return call.error instanceof DeadlineExceededError ? 'failure' : 'cancelled'
  }
  return call.error instanceof ResilienceError && call.error.rejected ? 'rejected' : 'failure'
}
