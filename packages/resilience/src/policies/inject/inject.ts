import { InjectedError } from '../../errors/errors.ts'
import { checkOptions, requireThat } from '../../options/check-options.ts'
import { aFunction, aName, anything, either, milliseconds, number, wholeNumber } from '../../options/rules.ts'
import type { CallContext } from '../../pipeline/context.ts'
import type { Binding, Policy, PolicyMetrics, WrapLayer } from '../../pipeline/policy.ts'
import { seededRandom } from '../../random/seeded-random.ts'
import type { InjectEvent } from '../../telemetry/events.ts'
import { sleep } from '../../world/sleep.ts'

interface InjectCommon {
  /** The share of calls that it happens to. Default 1. */
  rate?: number
  /** Asked for each call; false: nothing happens. */
  enabled?: (context: CallContext) => boolean
  /** Makes the choice of calls repeatable. Default: the pipeline's randomness. */
  seed?: number
  /** In events and metrics. Default `inject`. */
  name?: string
}

/** Exactly one kind of fault; for several, several policies. */
export type InjectOptions<T = never> =
  | (InjectCommon & {
      /** Milliseconds before the call goes on. */ latency: number | ((random: () => number) => number)
    })
  | (InjectCommon & { /** Thrown instead of the call; true: an `InjectedError`. */ error: true | (() => unknown) })
  | (InjectCommon & { /** Returned instead of the call. */ outcome: () => T | PromiseLike<T> })
  | (InjectCommon & {
      /** Whatever should happen before the call goes on. */
      behavior: (context: CallContext) => unknown
    })

/**
 * Makes calls slow, fail, or return something else, to see what the policies around it do. Usually innermost. Source:
 * Polly's chaos strategies.
 */
export function inject<T = never>(options: InjectOptions<T>): Inject<T> {
  return new Inject(options)
}

export class Inject<T> implements Policy<T> {
  declare readonly types?: { result: T; options: object }
  readonly kind = 'inject'
  readonly name: string
  private readonly options: InjectOptions<T>
  private readonly random: (() => number) | undefined
  private rate: number
  private injected = 0

  constructor(options: InjectOptions<T>) {
    check(options)
    this.options = options
    this.name = options.name ?? this.kind
    this.rate = options.rate ?? 1
    this.random = options.seed === undefined ? undefined : seededRandom(options.seed)
  }

  attach(binding: Binding): WrapLayer {
    const random = this.random ?? (() => binding.world.random())
    return {
      wrap: async (next, context) => {
        const chosen = random() < this.rate
        if (!chosen || this.options.enabled?.(context) === false) return next()
        return this.apply(binding, next, context, random)
      },
    }
  }

  /** Changes how many calls it happens to. */
  reconfigure(options: { rate: number }): void {
    checkOptions('inject', options, { rate: number(0, 1) })
    this.rate = options.rate
  }

  metrics(): PolicyMetrics {
    return { injected: this.injected, rate: this.rate }
  }

  private async apply(
    binding: Binding,
    next: () => Promise<unknown>,
    context: CallContext,
    random: () => number,
  ): Promise<unknown> {
    const { options } = this
    if ('latency' in options) {
      this.count(binding, 'latency')
      const latency = typeof options.latency === 'number' ? options.latency : options.latency(random)
      await sleep(binding.world, latency, context.signal)
      return next()
    }
    if ('error' in options) {
      this.count(binding, 'error')
      if (options.error !== true) throw options.error()
      throw new InjectedError({ pipeline: binding.pipeline, policy: this.name })
    }
    if ('outcome' in options) {
      this.count(binding, 'outcome')
      return options.outcome()
    }
    this.count(binding, 'behavior')
    await options.behavior(context)
    return next()
  }

  private count(binding: Binding, fault: InjectEvent['fault']): void {
    this.injected++
    if (binding.observed) binding.emit({ type: 'injected', pipeline: binding.pipeline, policy: this.name, fault })
  }
}

const FAULTS = ['latency', 'error', 'outcome', 'behavior']

function check<T>(options: InjectOptions<T>): void {
  const given = FAULTS.filter((fault) => fault in options)
  requireThat(
    given.length === 1,
    'inject',
    given[1] ?? '',
    `${given.join(' and ') || 'no fault'} given, but there must be exactly one of ${FAULTS.join(', ')}`,
  )
  const rules = { rate: number(0, 1), enabled: aFunction, seed: wholeNumber(0), name: aName }
  const faults = {
    latency: either(milliseconds(0), aFunction),
    error: anything,
    outcome: aFunction,
    behavior: aFunction,
  }
  checkOptions<object>('inject', options, { ...rules, ...faults })
}
