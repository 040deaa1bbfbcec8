import { DeadlineExceededError } from '../errors/errors.ts'
import { ResilienceError } from '../errors/resilience-error.ts'
import type { Timer } from '../world/world.ts'
import type { Call } from './call.ts'
import type { Binding, HookLayer, PolicyMetrics } from './policy.ts'
import { follow } from './signals.ts'

/** The outermost layer of each pipeline: what the caller set (signal, deadline), and the pipeline's own counters. */
export class CallerLayer implements HookLayer<CallerState | undefined> {
  private readonly binding: Binding
  private successes = 0
  private failures = 0
  private rejections = 0
  private cancellations = 0
  inFlight = 0

  constructor(binding: Binding) {
    this.binding = binding
  }

  enter(call: Call): CallerState | undefined {
    this.inFlight++
    const { signal, deadline } = call.options
    if (signal === undefined && deadline === undefined && !this.binding.observed) return undefined
    const { world } = this.binding
    const state: CallerState = { startedAt: world.now(), unfollow: undefined, timer: undefined }
    if (deadline !== undefined) {
      const error = () => new DeadlineExceededError({ pipeline: this.binding.pipeline, policy: 'deadline' }, deadline)
      const remaining = deadline - world.epoch()
      call.narrow(state.startedAt + remaining)
      if (remaining <= 0) call.interrupt(error(), 0, true)
      else state.timer = world.setTimer(remaining, () => call.interrupt(error(), 0, true))
    }
    if (signal !== undefined) state.unfollow = follow(signal, call, 0)
    return state
  }

  exit(call: Call, state: CallerState | undefined): void {
    this.inFlight--
    const outcome = outcomeOf(call)
    if (outcome === 'success') this.successes++
    else if (outcome === 'failure') this.failures++
    else if (outcome === 'rejected') this.rejections++
    else this.cancellations++
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

interface CallerState {
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
