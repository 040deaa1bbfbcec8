import { EventEmitter, type IFailureEvent, type IPolicy, type ISuccessEvent } from 'cockatiel'
import { ResilienceError } from '../../errors/resilience-error.ts'
import type { CallContext } from '../../pipeline/context.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'

/**
 * A pipeline as one of cockatiel's policies, for code that takes an `IPolicy` and for cockatiel's `wrap`. The function
 * gets the pipeline's context, of which `signal` is a part; the signal that `execute` is given cancels the call.
 *
 * `onSuccess` and `onFailure` tell of whole calls, as those of cockatiel's retry do; `handled` is false where the
 * pipeline let an error of the function pass.
 */
export function toCockatiel<Result>(pipeline: Pipeline<Result>): IPolicy<CallContext, Result> {
  return new PipelinePolicy(pipeline)
}

class PipelinePolicy<Result> implements IPolicy<CallContext, Result> {
  declare readonly _altReturn: Result
  readonly #pipeline: Pipeline<Result>
  readonly #successes = new EventEmitter<ISuccessEvent>()
  readonly #failures = new EventEmitter<IFailureEvent>()
  readonly onSuccess = this.#successes.addListener
  readonly onFailure = this.#failures.addListener

  constructor(pipeline: Pipeline<Result>) {
    this.#pipeline = pipeline
  }

  async execute<T>(fn: (context: CallContext) => PromiseLike<T> | T, signal?: AbortSignal): Promise<T | Result> {
    const startedAt = performance.now()
    const elapsed = () => performance.now() - startedAt
    try {
      const value = await this.#pipeline.execute((context) => fn(plain(context)), { signal })
      emit(this.#successes, { duration: elapsed() })
      return value
    } catch (error) {
      emit(this.#failures, { duration: elapsed(), handled: error instanceof ResilienceError, reason: { error } })
      throw error
    }
  }
}

/** Cockatiel's `wrap` merges contexts by spreading them, which getters don't survive. */
function plain({ signal, deadline, attempt, pipeline, priority, idempotent, key }: CallContext): CallContext {
  return { signal, deadline, attempt, pipeline, priority, idempotent, key }
}

/** Cockatiel's emitter lets a listener's error through, which would become the call's. */
function emit<T>(emitter: EventEmitter<T>, event: T): void {
  try {
    emitter.emit(event)
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.emitWarning(`A listener of a cockatiel policy threw. No call was affected. ${reason}`)
  }
}
