import { isFailure } from '../../outcome/handled.ts'
import type { CallContext } from '../../pipeline/context.ts'
import type { Binding, NextOptions } from '../../pipeline/policy.ts'
import type { Timer } from '../../world/world.ts'
import type { Hedge } from './hedge.ts'

/**
 * One call and its attempts. Settles with the first good outcome, or the last bad one, or what a predicate or a budget
 * of the user's throws.
 */
export class HedgedCall {
  private readonly policy: Hedge
  private readonly binding: Binding
  private readonly next: (options?: NextOptions) => Promise<unknown>
  private readonly context: CallContext
  private readonly inFlight = new Set<AbortController>()
  private readonly resolvers = Promise.withResolvers<unknown>()
  private started = 0
  private timer: Timer | undefined

  constructor(
    policy: Hedge,
    binding: Binding,
    next: (options?: NextOptions) => Promise<unknown>,
    context: CallContext,
  ) {
    this.policy = policy
    this.binding = binding
    this.next = next
    this.context = context
  }

  run(): Promise<unknown> {
    this.start()
    return this.resolvers.promise.finally(() => this.end())
  }

  private start(): void {
    const { binding, policy } = this
    const attempt = ++this.started
    const startedAt = binding.world.now()
    const controller = new AbortController()
    this.inFlight.add(controller)
    this.next({ signal: controller.signal, attempt: this.context.attempt + attempt - 1 })
      .then(
        (value) => {
          policy.learn(binding.world.now() - startedAt)
          this.inFlight.delete(controller)
          if (policy.settings.handleResult?.(value)) this.settleIfLast(() => this.resolvers.resolve(value))
          else this.win(attempt, () => this.resolvers.resolve(value))
        },
        (error: unknown) => {
          this.inFlight.delete(controller)
          const { handleError = isFailure } = policy.settings
          if (handleError(error)) this.settleIfLast(() => this.resolvers.reject(error))
          else this.resolvers.reject(error)
        },
      )
      .catch((broken: unknown) => this.resolvers.reject(broken))
    this.scheduleNext()
  }

  private scheduleNext(): void {
    const { maxAttempts } = this.policy.settings
    if (this.started >= maxAttempts || !this.context.idempotent || this.context.signal.aborted) return
    const delay = this.policy.delay()
    if (delay === undefined) return
    this.timer = this.binding.world.setTimer(delay, () => {
      try {
        this.hedge()
      } catch (broken) {
        this.resolvers.reject(broken)
      }
    })
  }

  private hedge(): void {
    const { counters, settings } = this.policy
    if (settings.budget?.tryExtra(this.binding.world.now(), 'hedge') === false) {
      counters.overBudget++
      return
    }
    counters.hedged++
    this.emit('started', this.started + 1)
    this.start()
  }

  /** A bad outcome counts only when no attempt is left that could do better. */
  private settleIfLast(settle: () => void): void {
    if (this.inFlight.size === 0) settle()
  }

  private win(attempt: number, settle: () => void): void {
    if (attempt > 1 && this.inFlight.size > 0) {
      this.policy.counters.won++
      this.emit('won', attempt)
    }
    settle()
  }

  private end(): void {
    this.timer?.cancel()
    for (const controller of this.inFlight) controller.abort(LOST)
  }

  private emit(action: 'started' | 'won', attempt: number): void {
    const { binding, policy } = this
    if (!binding.observed) return
    binding.emit({ type: 'hedge', pipeline: binding.pipeline, policy: policy.name, action, attempt })
  }
}

/** Why a loser's signal aborts. */
const LOST = new DOMException('Another attempt of the same call was faster', 'AbortError')
