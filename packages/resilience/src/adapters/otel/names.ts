/**
 * All metrics. OpenTelemetry has no convention for resilience yet; these follow its rules for names and units, and the
 * words are the library's own. Docs: docs/adapters/otel.md.
 */
export const METRICS = {
  /** Counter: calls that ended, by `outcome`. */
  calls: 'resilience.pipeline.calls',
  /** Up-down counter: calls in flight. */
  active: 'resilience.pipeline.active',
  /** Counter: calls that took at most `le` seconds, by `outcome`. */
  durationBucket: 'resilience.pipeline.duration.bucket',
  /** Counter, seconds: how long calls took in all, by `outcome`. */
  durationSum: 'resilience.pipeline.duration.sum',
  /** Histogram, seconds: how long calls took, by `outcome`; instead of the two counters. */
  duration: 'resilience.pipeline.duration',
  /** Counter: what policies did, by `event.name`: retries, timeouts, rejections, … */
  events: 'resilience.events',
  /** Gauge: 1 for the state that the circuit is in, 0 for the others, by `state`. */
  circuitState: 'resilience.circuit_breaker.state',
  /** Gauges of policies that limit: calls inside, calls that wait, and how many there may be. */
  policyActive: 'resilience.policy.active',
  policyQueued: 'resilience.policy.queued',
  policyLimit: 'resilience.policy.limit',
  policyQueueLimit: 'resilience.policy.queue_limit',
  /** Gauge: the load that a shedding policy sees, or the share of calls that a throttle holds back; 1 is full. */
  policyLoad: 'resilience.policy.load',
  /** Gauge: entries in a cache. */
  policyEntries: 'resilience.policy.entries',
  /** Gauge: share of calls that get an injected fault. */
  injectRate: 'resilience.inject.rate',
} as const

export const ATTRIBUTES = {
  pipeline: 'pipeline.name',
  policy: 'policy.name',
  /** `retry`, `circuitBreaker`, … */
  kind: 'policy.kind',
  event: 'event.name',
  /** `success`, `failure`, `rejected` or `cancelled`. */
  outcome: 'outcome',
  /** Of a bucket: seconds, or `+Inf`. The name that Prometheus gives it. */
  upTo: 'le',
  /** `closed`, `open`, `half-open` or `isolated`. */
  state: 'state',
  /** The number of the attempt that failed. */
  attempt: 'resilience.attempt',
  /** Seconds until the next attempt. */
  delay: 'resilience.delay',
  reason: 'resilience.reason',
  from: 'resilience.from',
  to: 'resilience.to',
  /** The error's `code`, or the name of its class. */
  error: 'error.type',
} as const

/** Events on the span that is active in the call, by the type of the library's own event. */
export const SPAN_EVENTS = {
  retry: 'resilience.retry',
  'give-up': 'resilience.give_up',
  timeout: 'resilience.timeout',
  rejection: 'resilience.rejection',
  state: 'resilience.circuit_breaker.state_change',
  limit: 'resilience.limit_change',
  fallback: 'resilience.fallback',
  hedge: 'resilience.hedge',
  /** Only where an old value was given. */
  cache: 'resilience.cache.stale',
  coalesced: 'resilience.coalesced',
  injected: 'resilience.injected',
} as const
