import { ResilienceError } from '../../errors/resilience-error.ts'
import { OptionError } from '../../options/check-options.ts'
import { show } from '../../options/show.ts'
import { isHandled } from '../../outcome/handled.ts'
import type { HookedCall } from '../../pipeline/hooked-call.ts'
import type { Binding, HookLayer } from '../../pipeline/policy.ts'
import type { GiveUpEvent } from '../../telemetry/events.ts'
import type { Retry } from './retry.ts'

export class RetryLayer implements HookLayer<Progress | undefined> {
  private readonly policy: Retry
  private readonly binding: Binding

  constructor(policy: Retry, binding: Binding) {
    this.policy = policy
    this.binding = binding
  }

  enter(): Progress | undefined {
    const { budget, maxElapsed } = this.policy.settings
    if (budget === undefined && maxElapsed === Number.POSITIVE_INFINITY) return undefined
    const now = this.binding.world.now()
    budget?.onCall(now)
    return { startedAt: now, attempts: 1, previousDelay: 0 }
  }

  exit(call: HookedCall, state: Progress | undefined): void {
    if (call.detached) return
    const { settings, counters } = this.policy
    if (!isHandled(call, settings)) {
      if (call.failed) return
      if (state !== undefined && state.attempts > 1) counters.recovered++
      settings.budget?.onSuccess(this.binding.world.now())
      return
    }
    const progress = state ?? { startedAt: undefined, attempts: 1, previousDelay: 0 }
    const next = this.plan(call, progress)
    if (typeof next === 'string') {
      if (progress.attempts > 1) counters.exhausted++
      if (next === 'budget') counters.overBudget++
      this.emitGiveUp(call, next, progress.attempts)
      return
    }
    this.emitRetry(call, next, progress.attempts)
    counters.retries++
    progress.attempts++
    progress.previousDelay = next
    call.keep(progress)
    call.attempt++
    call.again(next)
  }

  /** The delay before the next attempt, or why there is none. */
  private plan(call: HookedCall, progress: Progress): number | GiveUpEvent['reason'] {
    const { settings } = this.policy
    const { world } = this.binding
    if (call.options.idempotent === false) return 'not-idempotent'
    if (progress.attempts >= settings.maxAttempts) return 'attempts'
    const asked = settings.retryAfter(call.failed ? call.error : call.value, world.epoch())
    if (asked !== undefined && asked > settings.maxRetryAfter) return 'retry-after'
    const backoff = settings.backoff({
      attempt: progress.attempts,
      previous: progress.previousDelay,
      error: call.failed ? call.error : undefined,
      random: world.random,
    })
    if (!(backoff >= 0))
      throw new OptionError('retry', 'backoff', `backoff returned ${show(backoff)}, not milliseconds`)
    const delay = asked !== undefined && asked > backoff ? asked : backoff
    const now = world.now()
    progress.startedAt ??= now
    if (delay >= call.expiresAt - now) return 'deadline'
    if (now - progress.startedAt + delay > settings.maxElapsed) return 'elapsed'
    const timedOut = call.failed && call.error instanceof ResilienceError && call.error.code === 'TIMEOUT'
    if (settings.budget?.tryExtra(now, timedOut ? 'timeout' : 'error') === false) return 'budget'
    return delay
  }

  private emitRetry(call: HookedCall, delay: number, attempt: number): void {
    if (!this.binding.observed) return
    const error = call.failed ? call.error : undefined
    this.binding.emit({
      type: 'retry',
      pipeline: this.binding.pipeline,
      policy: this.policy.name,
      attempt,
      delay,
      error,
    })
  }

  private emitGiveUp(call: HookedCall, reason: GiveUpEvent['reason'], attempts: number): void {
    if (!this.binding.observed) return
    const error = call.failed ? call.error : undefined
    this.binding.emit({
      type: 'give-up',
      pipeline: this.binding.pipeline,
      policy: this.policy.name,
      reason,
      attempts,
      error,
    })
  }
}

interface Progress {
  /** Of the first failure where nobody asked for the time before: `maxElapsed` may be given while calls are under way. */
  startedAt: number | undefined
  attempts: number
  previousDelay: number
}
