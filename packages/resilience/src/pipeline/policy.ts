import type { ResilienceEvent } from '../telemetry/events.ts'
import type { World } from '../world/world.ts'
import type { CallContext } from './context.ts'
import type { HookedCall } from './hooked-call.ts'

/**
 * A policy: what `timeout(…)`, `retry(…)` and their kin return, and what `pipeline(name, policies)` takes. A policy
 * keeps the rules and the state; its layer, made anew for each pipeline, is its place in one. So one breaker or
 * bulkhead may stand in several pipelines, which then share its state.
 *
 * To write your own, implement `attach` and return either kind of layer:
 * - `HookLayer`: two synchronous functions, one on the way in and one on the way out. The engine calls the hooks of a
 *   pipeline one after the other, so that each costs a function call and no promise. It can reject, wait, replace the
 *   outcome and ask for another attempt.
 * - `WrapLayer`: any `async (next, context) => …`. For what must race, loop over or skip the call: hedging, caching,
 *   a policy of another library. Costs a promise or two more.
 *
 * @typeParam Result what the policy may return instead of the function's result (a fallback's value)
 * @typeParam Options what it needs in the options of `execute` (a cache needs a key)
 */
export interface Policy<Result = never, Options = object> {
  /** `timeout`, `retry`, `circuitBreaker`, … */
  readonly kind: string
  /** In errors, events and metrics; the kind unless the user gave another. */
  readonly name: string
  /** Called once for each pipeline that it stands in. */
  attach(binding: Binding): Layer
  /**
   * Plain numbers for dashboards, read on demand: counters since the start (`rejected`) and gauges (`inFlight`).
   * Counting costs the calls an addition; exporting them is the reader's part.
   */
  metrics?(): PolicyMetrics
  /** What a restart should not forget, ready for JSON. */
  snapshot?(): unknown
  /** Takes up where a snapshot left off. @throws OptionError when it is none of this policy's */
  restore?(snapshot: unknown): void
  /** Never set: carries the type parameters. */
  readonly types?: { result: Result; options: Options }
}

/** Any policy at all, as `pipeline` takes it. */
export type AnyPolicy = Policy<unknown, object>

/** Numbers by name. A string is a state, as `state: 'open'`. */
export type PolicyMetrics = Readonly<Record<string, number | string>>

/** What a pipeline hands to each of its policies. */
export interface Binding {
  readonly pipeline: string
  readonly world: World
  /** True while anybody listens: make no event object otherwise. */
  readonly observed: boolean
  /** Never throws, whatever the listeners do. */
  emit(event: ResilienceEvent): void
}

export type Layer = HookLayer | WrapLayer

/**
 * `State` is whatever `enter` returns; `exit` gets it back. Each `enter` that returned, and whose wait if any was
 * resumed, is followed by exactly one `exit`. An exit may come late and `call.detached`: when a timeout further out gave
 * the attempt up, exit still comes once the function settles, as a bulkhead must know when the work really ended.
 */
export interface HookLayer<State = unknown> {
  /** Throw to turn the call away. Call `call.wait(…)` to have it wait before it goes further in. */
  enter(call: HookedCall): State
  /** The outcome is `call.failed`, `call.error` and `call.value`; `recover`, `fail` and `again` change it. */
  exit(call: HookedCall, state: State): void
}

export interface WrapLayer {
  /**
   * @param next runs what is inside: call it any number of times, also at once. Each run gets its own context and
   *   signal; pass one in `options` to abort just that run.
   * @param context of the call so far: `signal` aborts when nobody waits for the outcome any more
   */
  wrap(next: (options?: NextOptions) => Promise<unknown>, context: CallContext): Promise<unknown>
}

export interface NextOptions {
  signal?: AbortSignal
  /** Seen by the function as `context.attempt`. */
  attempt?: number
  /** True: runs on its own, past the end of this call, its signal and its deadline; for refreshing a cache. */
  background?: boolean
}
