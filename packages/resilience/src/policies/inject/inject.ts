import { InjectedError } from '../../errors/errors.ts'
import { requireThat } from '../../options/check-options.ts'
import { OptionTable, type Settled } from '../../options/option-table.ts'
import { aFunction, aName, either, milliseconds, number, oneOf, wholeNumber } from '../../options/rules.ts'
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
  private settings: InjectSettings
  private readonly random: (() => number) | undefined
  private injected = 0

  constructor(options: InjectOptions<T>) {
    this.settings = OPTIONS.create(options)
    this.name = this.settings.name
    const { seed } = this.settings
    this.random = seed === undefined ? undefined : seededRandom(seed)
  }

  attach(binding: Binding): WrapLayer {
    const random = this.random ?? (() => binding.world.random())
    return {
      wrap: async (next, context) => {
        const chosen = random() < this.settings.rate
        if (!chosen || this.settings.enabled?.(context) === false) return next()
        return this.apply(binding, next, context, random)
      },
    }
  }

  /** Changes which calls it happens to. */
  reconfigure(options: Pick<InjectCommon, 'rate' | 'enabled'>): void {
    this.settings = OPTIONS.change(this.settings, options)
  }

  metrics(): PolicyMetrics {
    return { injected: this.injected, rate: this.settings.rate }
  }

  private async apply(
    binding: Binding,
    next: () => Promise<unknown>,
    context: CallContext,
    random: () => number,
  ): Promise<unknown> {
    const { latency, error, outcome, behavior } = this.settings
    if (latency !== undefined) {
      this.count(binding, 'latency')
      await sleep(binding.world, typeof latency === 'number' ? latency : latency(random), context.signal)
      return next()
    }
    if (error !== undefined) {
      this.count(binding, 'error')
      if (error !== true) throw error()
      throw new InjectedError({ pipeline: binding.pipeline, policy: this.name })
    }
    if (outcome !== undefined) {
      this.count(binding, 'outcome')
      return outcome()
    }
    this.count(binding, 'behavior')
    await behavior?.(context)
    return next()
  }

  private count(binding: Binding, fault: InjectEvent['fault']): void {
    this.injected++
    if (binding.observed) binding.emit({ type: 'injected', pipeline: binding.pipeline, policy: this.name, fault })
  }
}

/** Of the four faults there is one; the rule that joins them says so. */
interface AllOptions extends InjectCommon {
  latency?: number | ((random: () => number) => number)
  error?: true | (() => unknown)
  outcome?: () => unknown
  behavior?: (context: CallContext) => unknown
}

const FAULTS = ['latency', 'error', 'outcome', 'behavior'] as const
type Unset = (typeof FAULTS)[number] | 'enabled' | 'seed'
type InjectSettings = Settled<AllOptions, Unset>

const OPTIONS = new OptionTable<AllOptions, Unset>(
  'inject',
  {
    latency: { rule: either(milliseconds(0), aFunction), default: undefined, fixed: true },
    error: { rule: either(oneOf(true), aFunction), default: undefined, fixed: true },
    outcome: { rule: aFunction, default: undefined, fixed: true },
    behavior: { rule: aFunction, default: undefined, fixed: true },
    rate: { rule: number(0, 1), default: 1 },
    enabled: { rule: aFunction, default: undefined },
    seed: { rule: wholeNumber(0), default: undefined, fixed: true },
    name: { rule: aName, default: 'inject', fixed: true },
  },
  (settings) => {
    const given = FAULTS.filter((fault) => settings[fault] !== undefined)
    requireThat(
      given.length === 1,
      'inject',
      given[1] ?? '',
      `${given.join(' and ') || 'no fault'} given, but there must be exactly one of ${FAULTS.join(', ')}`,
    )
  },
)
