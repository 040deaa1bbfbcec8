import { OptionTable, type Settled } from '../../options/option-table.ts'
import { aFunction, aName } from '../../options/rules.ts'
import { type HandledOutcomes, isHandled } from '../../outcome/handled.ts'
import type { HookedCall } from '../../pipeline/hooked-call.ts'
import type { Binding, HookLayer, Policy, PolicyMetrics } from '../../pipeline/policy.ts'

export interface FallbackOptions extends HandledOutcomes {
  /** Default: every error, also of policies that turned the call away; never a cancel by the caller. */
  handleError?: ((error: unknown) => boolean) | undefined
  /** In events and metrics. Default `fallback`. */
  name?: string
}

/**
 * Answers in the place of a call that failed. The result type of the pipeline widens to what it returns. Source, and a
 * warning: "Avoiding fallback in distributed systems", Amazon Builders' Library.
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
  private settings: Settled<FallbackOptions & { produce: Produce }, 'handleResult'>
  private used = 0

  constructor(produce: (error: unknown) => T | PromiseLike<T>, options: FallbackOptions) {
    this.settings = OPTIONS.create({ produce, ...options })
    this.produce = produce
    this.name = this.settings.name
  }

  attach(binding: Binding): HookLayer<void> {
    return {
      enter: () => {},
      exit: (call: HookedCall) => {
        if (call.detached || !isHandled(call, this.settings)) return
        this.used++
        const error = call.failed ? call.error : undefined
        if (binding.observed) binding.emit({ type: 'fallback', pipeline: binding.pipeline, policy: this.name, error })
        call.recover(this.produce(error))
      },
    }
  }

  /** Changes what it answers for, not what it answers. */
  reconfigure(options: HandledOutcomes): void {
    this.settings = OPTIONS.change(this.settings, options)
  }

  metrics(): PolicyMetrics {
    return { used: this.used }
  }
}

type Produce = (error: unknown) => unknown

const OPTIONS = new OptionTable<FallbackOptions & { produce: Produce }, 'handleResult'>('fallback', {
  produce: { rule: aFunction, required: true, fixed: true },
  handleError: { rule: aFunction, default: () => true },
  handleResult: { rule: aFunction, default: undefined },
  name: { rule: aName, default: 'fallback', fixed: true },
})
