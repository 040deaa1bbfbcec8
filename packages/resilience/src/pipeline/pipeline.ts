import { OptionTable, type Settled } from '../options/option-table.ts'
import { aName, anObject, type Rule } from '../options/rules.ts'
import { Emitter } from '../telemetry/emitter.ts'
import type { EventListener } from '../telemetry/events.ts'
import { enlist, everything } from '../telemetry/hub.ts'
import { systemWorld } from '../world/system-world.ts'
import type { World } from '../world/world.ts'
import { Call, type CallFunction } from './call.ts'
import { CallerLayer } from './caller-layer.ts'
import type { CallContext } from './context.ts'
import type { ExecuteOptions } from './execute-options.ts'
import { PipelineBinding } from './pipeline-binding.ts'
import type { AnyPolicy, Policy, PolicyMetrics } from './policy.ts'
import { run } from './run.ts'
import { type Segment, toSegments } from './segment.ts'
import { partsOf, stateful } from './snapshots.ts'

/**
 * Composes policies around a function, outermost first: `pipeline('menu', [retry(), timeout(500)])` retries calls of
 * which each may take 500 ms. Make it once, next to the client that it protects, not once a call: breakers, bulkheads
 * and budgets live in it.
 *
 * @param name in errors, events and metrics
 * @throws OptionError when the name is empty, or something in the list is no policy
 */
export function pipeline<const Policies extends readonly AnyPolicy[]>(
  name: string,
  policies: Policies,
  options?: PipelineOptions,
): Pipeline<ResultOf<Policies[number]>, OptionsOf<Policies[number]>>
export function pipeline(
  name: string,
  policies: readonly AnyPolicy[],
  options: PipelineOptions = {},
): ObservablePipeline {
  return new PolicyPipeline(OPTIONS.create({ name, policies, ...options }))
}

export interface PipelineOptions {
  /** Time, timers and chance. Default: the system's. */
  world?: World
}

/**
 * @typeParam Result what `execute` may return besides the function's result: the values of fallbacks
 * @typeParam Options what `execute` needs to be given: a key where there is a cache
 */
export interface Pipeline<Result = never, Options = object> extends ObservablePipeline {
  /**
   * Calls the function through all policies.
   *
   * @throws the function's own error, a `ResilienceError` of a policy, or the reason of the caller's signal
   */
  execute<T>(
    fn: (context: CallContext & Options) => T | PromiseLike<T>,
    ...options: ExecuteArguments<Options>
  ): Promise<T | Result>
  /** The same as a function: `const item = menuCalls.wrap((context, id: string) => menu.item(id, context))`. */
  wrap<Arguments extends readonly unknown[], T>(
    fn: (context: CallContext & Options, ...args: Arguments) => T | PromiseLike<T>,
    ...options: ExecuteArguments<Options>
  ): (...args: Arguments) => Promise<T | Result>
}

/** What an exporter needs of a pipeline. */
export interface ObservablePipeline {
  readonly name: string
  readonly policies: readonly AnyPolicy[]
  /** Calls in flight. */
  readonly inFlight: number
  /** @returns a function that ends the subscription */
  subscribe(listener: EventListener): () => void
  metrics(): PipelineMetrics
  /** What a restart should not forget, ready for JSON: open circuits, learnt limits, rates. */
  snapshot(): PipelineSnapshot
  /**
   * Takes up where a snapshot left off. Policies that it does not name keep their state; names that no policy has are
   * passed over, as policies come and go.
   *
   * @throws OptionError when a policy's part of it is not what that policy writes
   */
  restore(snapshot: unknown): void
}

/** By the name of the policy; where several have one name, the second is `name 2`. */
export type PipelineSnapshot = Readonly<Record<string, unknown>>

type ExecuteArguments<Options> = object extends Options
  ? [options?: ExecuteOptions & Options]
  : [options: ExecuteOptions & Options]

export interface PipelineMetrics {
  pipeline: string
  /** Calls in flight, and how many ended as `successes`, `failures`, `rejections`, `cancellations`. */
  calls: PolicyMetrics
  /** Outermost first; only those that count something. */
  policies: { kind: string; name: string; metrics: PolicyMetrics }[]
}

type ResultOf<P> = P extends Policy<infer Result, infer _Options> ? (unknown extends Result ? never : Result) : never
type OptionsOf<P> = UnionToIntersection<
  P extends Policy<infer _Result, infer Options> ? (unknown extends Options ? object : Options) : never
>
/** Of nothing at all: an object without needs. */
type UnionToIntersection<U> = [U] extends [never]
  ? object
  : (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void
    ? I
    : never

/** Without the types of its policies, which only matter at compile time. */
class PolicyPipeline implements ObservablePipeline {
  readonly name: string
  readonly policies: readonly AnyPolicy[]
  private readonly segment: Segment
  private readonly emitter = new Emitter(everything)
  private readonly caller: CallerLayer

  constructor({ name, policies, world }: Settled<AllOptions>) {
    this.name = name
    this.policies = policies
    const binding = new PipelineBinding(name, world, this.emitter)
    this.caller = new CallerLayer(binding)
    const layers = policies.map((policy) => policy.attach(binding))
    this.segment = toSegments(name, world, layers, this.caller)
    enlist(this)
  }

  execute(fn: CallFunction, options: ExecuteOptions = NO_OPTIONS): Promise<unknown> {
    return run(new Call(this.segment, fn, options))
  }

  wrap(fn: (context: CallContext, ...args: unknown[]) => unknown, options: ExecuteOptions = NO_OPTIONS) {
    return (...args: unknown[]) => run(new Call(this.segment, (context) => fn(context, ...args), options))
  }

  subscribe(listener: EventListener): () => void {
    return this.emitter.subscribe(listener)
  }

  get inFlight(): number {
    return this.caller.inFlight
  }

  snapshot(): PipelineSnapshot {
    return Object.fromEntries(stateful(this.policies).map(([name, policy]) => [name, policy.snapshot?.()]))
  }

  restore(snapshot: unknown): void {
    const parts = partsOf(`pipeline ${this.name}`, snapshot)
    for (const [name, policy] of stateful(this.policies)) if (parts.has(name)) policy.restore?.(parts.get(name))
  }

  metrics(): PipelineMetrics {
    const policies = this.policies.flatMap((policy) => {
      const metrics = policy.metrics?.()
      return metrics === undefined ? [] : [{ kind: policy.kind, name: policy.name, metrics }]
    })
    return { pipeline: this.name, calls: this.caller.metrics(), policies }
  }
}

interface AllOptions extends PipelineOptions {
  name: string
  policies: readonly AnyPolicy[]
}

const policyList: Rule = {
  test: (value) => Array.isArray(value) && value.every((each) => typeof each?.attach === 'function'),
  text: 'a list of policies: what retry(…), timeout(…) and their kin return; one of cockatiel, in fromCockatiel(…)',
}

const OPTIONS = new OptionTable<AllOptions>('pipeline', {
  name: { rule: aName, required: true },
  policies: { rule: policyList, required: true },
  world: { rule: anObject, default: systemWorld },
})

const NO_OPTIONS: ExecuteOptions = Object.freeze({})
