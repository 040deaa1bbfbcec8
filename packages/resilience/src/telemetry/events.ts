/**
 * What happens in a pipeline, for logs, span events and histograms. Counters and gauges are better read from
 * `pipeline.metrics()`, which costs the calls nothing.
 *
 * Listeners are called synchronously in the async context of the call (except `state` and `limit` changes made by
 * hand), so that an active span is the call's. Durations and delays are milliseconds.
 */
export type ResilienceEvent =
  | ExecutionEvent
  | RetryEvent
  | GiveUpEvent
  | TimeoutEvent
  | RejectionEvent
  | StateEvent
  | LimitEvent
  | FallbackEvent
  | HedgeEvent
  | CacheEvent
  | CoalesceEvent
  | InjectEvent

interface PolicyEvent {
  pipeline: string
  policy: string
}

/** A call is over. At most one for each `execute`. */
export interface ExecutionEvent {
  type: 'execution'
  pipeline: string
  /** `rejected`: turned away by a policy; `cancelled`: by the caller's own signal. */
  outcome: 'success' | 'failure' | 'rejected' | 'cancelled'
  duration: number
  attempts: number
  error: unknown
}

/** An attempt failed and another follows after `delay`. */
export interface RetryEvent extends PolicyEvent {
  type: 'retry'
  /** The number of the attempt that failed. */
  attempt: number
  delay: number
  /** Undefined when a result was refused. */
  error: unknown
}

/** An attempt failed and no other follows, though the error could have been retried. */
export interface GiveUpEvent extends PolicyEvent {
  type: 'give-up'
  reason: 'attempts' | 'elapsed' | 'deadline' | 'retry-after' | 'budget' | 'not-idempotent'
  attempts: number
  error: unknown
}

export interface TimeoutEvent extends PolicyEvent {
  type: 'timeout'
  limit: number
}

/** A policy turned the call away. */
export interface RejectionEvent extends PolicyEvent {
  type: 'rejection'
  error: Error
}

/** A circuit breaker changed its state. */
export interface StateEvent extends PolicyEvent {
  type: 'state'
  from: string
  to: string
  /** Why, in words. */
  reason: string
}

/** An adaptive limit moved. */
export interface LimitEvent extends PolicyEvent {
  type: 'limit'
  from: number
  to: number
}

/** The call failed and a fallback answered. */
export interface FallbackEvent extends PolicyEvent {
  type: 'fallback'
  error: unknown
}

/** A hedged attempt was started, or won. */
export interface HedgeEvent extends PolicyEvent {
  type: 'hedge'
  action: 'started' | 'won'
  attempt: number
}

export interface CacheEvent extends PolicyEvent {
  type: 'cache'
  /** `stale`: an old value while a new one is fetched; `stale-if-error`: an old value instead of an error. */
  result: 'hit' | 'miss' | 'stale' | 'stale-if-error'
}

/** The call joined one of the same key that was under way. */
export interface CoalesceEvent extends PolicyEvent {
  type: 'coalesced'
}

export interface InjectEvent extends PolicyEvent {
  type: 'injected'
  fault: 'latency' | 'error' | 'outcome' | 'behavior'
}

export type EventListener = (event: ResilienceEvent) => void
