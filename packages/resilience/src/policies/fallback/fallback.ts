import { checkOptions } from '../../options/check-options.ts'
import { aFunction, aName } from '../../options/rules.ts'
import { type HandledOutcomes, isHandled } from '../../outcome/handled.ts'
import type { Call } from '../../pipeline/call.ts'
import type { Binding, HookLayer, Policy, PolicyMetrics } from '../../pipeline/policy.ts'

export interface FallbackOptions extends HandledOutcomes {
  /** Default: every error, also of policies that turned the call away; never a cancel by the caller. */
  handleError?: ((error: unknown) => boolean) | undefined
  /** In events and metrics. Default `fallback`. */
  name?: string
}

/**
 * Answers in the place of a call that failed. The result type of the pipeline widens to what it returns.
 *
 * @param produce gets the error (undefined for a refused result) and answers, at once or later; what it throws, the
 *   call throws
 */
export function fallback<T>(
  produce: (error: unknown) => T | PromiseLike<T>,
  options: FallbackOptions = {},
): Fallback<T> {
  return new Fallback(produce, options)
}

export class Fallback<T> implements Policy<T> {
  declare readonly types?: { result: T; options: object }
  readonly kind = 'fallback'
  readonly name: string
  private readonly produce: (error: unknown) => T | PromiseLike<T>
  private readonly options: HandledOutcomes
  private used = 0

  constructor(produce: (error: unknown) => T | PromiseLike<T>, options: FallbackOptions) {
    checkOptions(
      'fallback',
      { produce, ...options },
      {
        produce: aFunction,
        handleError: aFunction,
        handleResult: aFunction,
        name: aName,
      },
    )
    this.produce = produce
    this.options = { handleError: () => true, ...options }
    this.name = options.name ?? this.kind
  }

  attach(binding: Binding): HookLayer<void> {
    return {
      enter: () => {},
      exit: (call: Call) => {
        if (call.detached || !isHandled(call, this.options)) return
        this.used++
        const error = call.failed ? call.error : undefined
        if (binding.observed) binding.emit({ type: 'fallback', pipeline: binding.pipeline, policy: this.name, error })
        call.recover(this.produce(error))
      },
    }
  }

  metrics(): PolicyMetrics {
    return { used: this.used }
  }
}
