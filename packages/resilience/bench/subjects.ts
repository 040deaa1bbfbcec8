import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import * as cockatiel from 'cockatiel'
import CircuitBreaker from 'opossum'
import pRetry from 'p-retry'
import { type Durations, observePipeline } from '../src/adapters/otel/index.ts'
import { bulkhead, circuitBreaker, pipeline, retry, timeout } from '../src/index.ts'

/** The same four policies in every library that has them: retry, breaker, timeout, bulkhead. */
export type Subject = (fn: () => Promise<unknown>) => Promise<unknown>

const PLENTY = 1_000_000

/**
 * The least of a call that its caller can let go of while the function goes on, and that keeps its async stack and
 * context: the function's promise raced, and what comes after it. No policy, no object, no timer.
 */
export function raced(): Subject {
  return (fn) =>
    new Promise((resolve, reject) => {
      fn().then(resolve, reject)
    }).then((value) => value)
}

/** The same, and when it began: the least of a timeout. */
export function racedAndTimed(): Subject {
  let startedAt = 0
  return (fn) => {
    startedAt = performance.now()
    return new Promise((resolve, reject) => {
      fn().then(resolve, reject)
    }).then((value) => (startedAt < 0 ? undefined : value))
  }
}

export function ours(maxAttempts = 3): Subject {
  const subject = pipeline('bench', four(maxAttempts))
  return (fn) => subject.execute(fn)
}

export function oursObserved(): Subject {
  const subject = pipeline('observed', four(3))
  let events = 0
  subject.subscribe(() => events++)
  return (fn) => subject.execute(fn)
}

/** With the SDK's own provider and reader. The export is hours away, as it has no part in what a call costs. */
export function oursExported(durations: Durations): Subject {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const meter = new MeterProvider({ readers: [reader] }).getMeter('bench')
  const subject = pipeline(`exported: ${durations}`, four(3))
  observePipeline(subject, { meter, durations })
  return (fn) => subject.execute(fn)
}

export function oursWithSignal(): Subject {
  const subject = pipeline('signal', four(3))
  return (fn) => subject.execute(({ signal }) => (signal.aborted ? undefined : fn()))
}

export function oursOpen(): Subject {
  const breaker = circuitBreaker()
  breaker.isolate()
  const subject = pipeline('open', [retry(), breaker, timeout(10_000), bulkhead({ maxConcurrent: PLENTY })])
  return (fn) => subject.execute(fn)
}

export function theirs(maxAttempts = 2): Subject {
  const policy = cockatiel.wrap(
    cockatiel.retry(cockatiel.handleAll, { maxAttempts }),
    cockatiel.circuitBreaker(cockatiel.handleAll, {
      halfOpenAfter: 10_000,
      breaker: new cockatiel.SamplingBreaker({ threshold: 0.999, duration: 10_000 }),
    }),
    cockatiel.timeout(10_000, cockatiel.TimeoutStrategy.Cooperative),
    cockatiel.bulkhead(PLENTY, PLENTY),
  )
  return (fn) => policy.execute(fn)
}

export function theirsOpen(): Subject {
  const breaker = cockatiel.circuitBreaker(cockatiel.handleAll, {
    halfOpenAfter: 1_000_000,
    breaker: new cockatiel.ConsecutiveBreaker(1),
  })
  breaker.isolate()
  const policy = cockatiel.wrap(
    cockatiel.retry(
      cockatiel.handleWhen(() => false),
      { maxAttempts: 2 },
    ),
    breaker,
    cockatiel.timeout(10_000, cockatiel.TimeoutStrategy.Cooperative),
    cockatiel.bulkhead(PLENTY, PLENTY),
  )
  return (fn) => policy.execute(fn)
}

export function opossum(): Subject {
  const breaker = new CircuitBreaker((fn: () => Promise<unknown>) => fn(), {
    timeout: 10_000,
    errorThresholdPercentage: 101,
  })
  return (fn) => breaker.fire(fn)
}

export function opossumWithoutTimeout(): Subject {
  const breaker = new CircuitBreaker((fn: () => Promise<unknown>) => fn(), {
    timeout: false,
    errorThresholdPercentage: 101,
  })
  return (fn) => breaker.fire(fn)
}

export function pRetried(retries = 2): Subject {
  return (fn) => pRetry(fn, { retries })
}

function four(maxAttempts: number) {
  return [
    retry({ maxAttempts }),
    circuitBreaker({ minimumCalls: PLENTY * 1_000 }),
    timeout(10_000),
    bulkhead({ maxConcurrent: PLENTY }),
  ]
}
