export type { Backoff, BackoffStep, Jitter } from './backoff/backoff.ts'
export { type ConstantOptions, constant } from './backoff/constant.ts'
export { type ExponentialOptions, exponential } from './backoff/exponential.ts'
export { type LinearOptions, linear } from './backoff/linear.ts'
export { DEADLINE_HEADER, formatDeadline, parseDeadline } from './deadline/deadline-header.ts'
export * from './errors/errors.ts'
export { type ErrorCode, type ErrorDetails, type ErrorOrigin, ResilienceError } from './errors/resilience-error.ts'
export { OptionError } from './options/check-options.ts'
export type { HandledOutcomes } from './outcome/handled.ts'
export { isTransient } from './outcome/is-transient.ts'
export type { CallContext } from './pipeline/context.ts'
export type { ExecuteOptions, Priority } from './pipeline/execute-options.ts'
export type { HookedCall } from './pipeline/hooked-call.ts'
export {
  type ObservablePipeline,
  type Pipeline,
  type PipelineMetrics,
  type PipelineOptions,
  type PipelineSnapshot,
  pipeline,
} from './pipeline/pipeline.ts'
export type {
  AnyPolicy,
  Binding,
  HookLayer,
  Layer,
  NextOptions,
  Policy,
  PolicyMetrics,
  WrapLayer,
} from './pipeline/policy.ts'
export {
  type AdaptiveLimit,
  type AdaptiveLimitOptions,
  type AdaptiveLimitSnapshot,
  adaptiveLimit,
} from './policies/adaptive-limit/adaptive-limit.ts'
export type { AimdOptions } from './policies/adaptive-limit/aimd.ts'
export type { GradientOptions } from './policies/adaptive-limit/gradient.ts'
export { type Bulkhead, type BulkheadOptions, bulkhead } from './policies/bulkhead/bulkhead.ts'
export { type Cache, type CacheOptions, cache } from './policies/cache/cache.ts'
export type { CircuitState } from './policies/circuit-breaker/circuit.ts'
export {
  type CircuitBreaker,
  type CircuitSnapshot,
  circuitBreaker,
} from './policies/circuit-breaker/circuit-breaker.ts'
export type { CircuitBreakerOptions } from './policies/circuit-breaker/circuit-breaker-options.ts'
export { type Coalesce, type CoalesceOptions, coalesce } from './policies/coalesce/coalesce.ts'
export { type Fallback, type FallbackOptions, fallback } from './policies/fallback/fallback.ts'
export { type Hedge, type HedgeOptions, type HedgeQuantile, hedge } from './policies/hedge/hedge.ts'
export { type Inject, type InjectOptions, inject } from './policies/inject/inject.ts'
export {
  type RateLimit,
  type RateLimitOptions,
  type RateLimitSnapshot,
  rateLimit,
} from './policies/rate-limit/rate-limit.ts'
export { type Retry, type RetryOptions, retry } from './policies/retry/retry.ts'
export { parseRetryAfter, type RetryAfterReader, readRetryAfter } from './policies/retry/retry-after.ts'
export {
  type ExtraCall,
  type RestorableBudget,
  type RetryBudget,
  retryBudget,
  type SlidingWindowOptions,
  type TokenBucketOptions,
} from './policies/retry/retry-budget.ts'
export { type LoadSource, type Shed, type ShedOptions, shed } from './policies/shed/shed.ts'
export { type Throttle, type ThrottleOptions, type ThrottleSnapshot, throttle } from './policies/throttle/throttle.ts'
export { type Timeout, type TimeoutOptions, timeout } from './policies/timeout/timeout.ts'
export { seededRandom } from './random/seeded-random.ts'
export { type Pipelines, type PipelinesOptions, pipelines } from './registry/pipelines.ts'
export type * from './telemetry/events.ts'
export { telemetry } from './telemetry/hub.ts'
export { systemWorld } from './world/system-world.ts'
export type { Timer, World } from './world/world.ts'
