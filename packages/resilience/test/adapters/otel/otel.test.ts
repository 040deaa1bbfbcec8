import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createNoopMeter, metrics, trace } from '@opentelemetry/api'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { resilientFetch } from '../../../src/adapters/fetch/index.ts'
import {
  durationsProducer,
  METRICS,
  observeEveryPipeline,
  observePipeline,
  observePool,
  resendAttributes,
  SPAN_EVENTS,
} from '../../../src/adapters/otel/index.ts'
import { readNumbers } from '../../../src/adapters/otel/read-numbers.ts'
import {
  type AnyPolicy,
  adaptiveLimit,
  bulkhead,
  cache,
  circuitBreaker,
  coalesce,
  constant,
  fallback,
  hedge,
  inject,
  isTransient,
  type ObservablePipeline,
  type Pipeline,
  pipeline,
  type ResilienceEvent,
  rateLimit,
  retry,
  shed,
  throttle,
  timeout,
} from '../../../src/index.ts'
import { inTurn, startServer, status } from '../http-server.ts'
import { type Point, startMetrics, startTracing } from './sdk.ts'

const boom = () => Promise.reject(new Error('boom'))
const of = (points: Point[] | undefined, attributes: object) =>
  points?.filter((point) => Object.entries(attributes).every(([key, value]) => point.attributes[key] === value))

/** Gauges by the key of their metric, counters by their event name. */
const EXPECTED: Record<string, string[]> = {
  timeout: ['timeouts'],
  retry: ['retries', 'recovered', 'exhausted', 'over_budget'],
  circuitBreaker: ['circuitState', 'successes', 'failures', 'slow', 'rejections'],
  bulkhead: ['policyActive', 'policyQueued', 'policyLimit', 'policyQueueLimit', 'rejections'],
  fallback: ['used'],
  adaptiveLimit: ['policyLimit', 'policyActive', 'rejections'],
  throttle: ['policyLoad', 'rejections'],
  rateLimit: ['policyQueued', 'policyLimit', 'rejections'],
  shed: ['shed_low', 'shed_normal', 'shed_high', 'shed_critical', 'policyLoad'],
  hedge: ['hedged', 'won'],
  cache: ['hits', 'misses', 'stale', 'stale_if_error', 'policyEntries'],
  coalesce: ['coalesced', 'policyActive'],
  inject: ['injected', 'injectRate'],
}

describe('metrics', () => {
  test('of calls, policies and circuits, under the documented names', async () => {
    const { meter, collect } = startMetrics()
    const calls = pipeline('menu', [
      retry({ maxAttempts: 2, backoff: constant(1) }),
      circuitBreaker({ consecutiveFailures: 4, openFor: 60_000 }),
      bulkhead({ maxConcurrent: 7, maxQueued: 3 }),
    ])
    onTestFinished(observePipeline(calls, { meter }))
    for (let index = 0; index < 3; index++) await calls.execute(() => index)
    for (let index = 0; index < 2; index++) await calls.execute(boom).catch(() => {})
    await calls.execute(boom).catch(() => {})
    const found = await collect()
    const menu = { 'pipeline.name': 'menu' }
    expect(found.get('resilience.pipeline.calls')).toEqual([
      { attributes: { ...menu, outcome: 'success' }, value: 3 },
      { attributes: { ...menu, outcome: 'failure' }, value: 2 },
      { attributes: { ...menu, outcome: 'rejected' }, value: 1 },
      { attributes: { ...menu, outcome: 'cancelled' }, value: 0 },
    ])
    expect(of(found.get('resilience.events'), { 'policy.kind': 'retry', 'event.name': 'retries' })).toEqual([
      { attributes: { ...menu, 'policy.name': 'retry', 'policy.kind': 'retry', 'event.name': 'retries' }, value: 2 },
    ])
    expect(
      of(found.get('resilience.events'), { 'policy.kind': 'circuitBreaker', 'event.name': 'rejections' }),
    ).toMatchObject([{ value: 1 }])
    expect(
      found.get('resilience.circuit_breaker.state')?.map(({ attributes, value }) => [attributes.state, value]),
    ).toEqual([
      ['closed', 0],
      ['open', 1],
      ['half-open', 0],
      ['isolated', 0],
    ])
    expect(found.get('resilience.policy.limit')).toMatchObject([
      { value: 7, attributes: { 'policy.kind': 'bulkhead' } },
    ])
    expect(found.get('resilience.policy.queue_limit')).toMatchObject([{ value: 3 }])
    expect(found.get('resilience.pipeline.active')).toEqual([{ attributes: menu, value: 0 }])
    expect(of(found.get('resilience.pipeline.duration.bucket'), { outcome: 'success', le: '+Inf' })).toEqual([
      { attributes: { ...menu, outcome: 'success', le: '+Inf' }, value: 3 },
    ])
    expect(of(found.get('resilience.pipeline.duration.sum'), { outcome: 'rejected' })).toHaveLength(1)
    expect(found.get('resilience.pipeline.duration')).toBeUndefined()
  })

  test('durations are seconds', async () => {
    const { meter, collect } = startMetrics()
    const calls = pipeline('timed', [])
    onTestFinished(observePipeline(calls, { meter }))
    onTestFinished(observePipeline(calls, { meter, durations: 'histogram' }))
    await calls.execute(() => new Promise((resolve) => setTimeout(resolve, 120)))
    const found = await collect()
    const { count, sum } = found.get(METRICS.duration)![0]!.value as { count: number; sum: number }
    expect(count).toBe(1)
    expect(sum).toBeGreaterThan(0.1)
    expect(sum).toBeLessThan(60)
    expect(found.get(METRICS.durationSum)).toMatchObject([{ value: sum }])
    const upTo = (le: string) => of(found.get(METRICS.durationBucket), { le })?.map(({ value }) => value)
    expect([upTo('0.1'), upTo('+Inf')]).toEqual([[0], [1]])
    expect(found.get(METRICS.durationBucket)).toHaveLength(15)
  })

  test('gauges follow what happens', async () => {
    const { meter, collect } = startMetrics()
    const limit = bulkhead({ maxConcurrent: 1, maxQueued: 5 })
    const calls = pipeline('followed', [limit])
    onTestFinished(observePipeline(calls, { meter }))
    const { promise, resolve } = Promise.withResolvers<void>()
    const sent = [calls.execute(() => promise), calls.execute(() => promise)]
    const during = await collect()
    expect(during.get('resilience.policy.active')).toMatchObject([{ value: 1 }])
    expect(during.get('resilience.policy.queued')).toMatchObject([{ value: 1 }])
    expect(during.get('resilience.pipeline.active')).toMatchObject([{ value: 2 }])
    resolve()
    await Promise.all(sent)
    const after = await collect()
    expect(after.get('resilience.policy.active')).toMatchObject([{ value: 0 }])
    expect(after.get('resilience.pipeline.active')).toMatchObject([{ value: 0 }])
  })

  test('every policy has each of its numbers under a name that fits', () => {
    const policies: AnyPolicy[] = [
      timeout(1),
      retry(),
      circuitBreaker(),
      bulkhead(),
      fallback(() => 1),
      adaptiveLimit(),
      throttle(),
      rateLimit({ limit: 5 }),
      shed({ load: () => 0 }),
      hedge({ after: 5 }),
      cache({ ttl: 5 }),
      coalesce(),
      inject({ rate: 0.5, latency: 1 }),
    ]
    for (const { kind, name, metrics } of pipeline('p', policies).metrics().policies) {
      const one = { metrics: () => ({ pipeline: 'p', calls: {}, policies: [{ kind, name, metrics }] }) }
      const told = [...readNumbers([one as unknown as ObservablePipeline])]
      const names = told.map(({ metric, attributes }) => String(attributes['event.name'] ?? metric))
      expect(names, kind).toEqual(expect.arrayContaining(EXPECTED[kind] ?? ['an expectation']))
    }
  })

  test('pipelines of one name are told as one, with the sum of their numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ name: fc.constantFrom('a', 'b'), count: fc.nat(1_000) })), (made) => {
        const fakes = made.map(({ name, count }) => ({
          metrics: () => ({ pipeline: name, calls: { successes: count }, policies: [] }),
        }))
        const told = [...readNumbers(fakes as unknown as ObservablePipeline[])]
        for (const name of new Set(made.map((each) => each.name))) {
          const sum = made.filter((each) => each.name === name).reduce((total, { count }) => total + count, 0)
          expect(
            told.filter(({ attributes }) => attributes['pipeline.name'] === name).map(({ value }) => value),
          ).toEqual([sum])
        }
      }),
      { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 100 },
    )
  })

  test('every pipeline of the process: those before, those after, until it is ended', async () => {
    const { meter, collect } = startMetrics()
    const before = pipeline('made before', [])
    const end = observeEveryPipeline({ meter })
    const after = pipeline('made after', [])
    await before.execute(() => 1)
    await after.execute(() => 1)
    const names = async () =>
      (await collect()).get('resilience.pipeline.calls')?.map(({ attributes }) => attributes['pipeline.name'])
    expect(await names()).toEqual(expect.arrayContaining(['made before', 'made after']))
    expect(of((await collect()).get(METRICS.durationSum), { 'pipeline.name': 'made after' })).toHaveLength(1)
    end()
    end()
    await after.execute(() => 2)
    const last = await collect()
    const success = { 'pipeline.name': 'made after', outcome: 'success' }
    expect(of(last.get(METRICS.calls), success)).toMatchObject([{ value: 1 }])
    expect(of(last.get(METRICS.durationBucket), { ...success, le: '+Inf' })).toMatchObject([{ value: 1 }])
  })

  test('the global meter is the default', async () => {
    const { provider, collect } = startMetrics()
    metrics.setGlobalMeterProvider(provider)
    onTestFinished(() => metrics.disable())
    const calls = pipeline('global', [])
    onTestFinished(observePipeline(calls))
    await calls.execute(() => 1)
    expect((await collect()).get('resilience.pipeline.calls')).toHaveLength(4)
  })

  test('cost nothing where no meter is set: nobody listens, nothing is read', async () => {
    let listeners = 0
    let reads = 0
    const calls = pipeline('unobserved', [])
    const watched: ObservablePipeline = {
      ...calls,
      name: calls.name,
      policies: calls.policies,
      inFlight: 0,
      subscribe: (listener) => {
        listeners++
        return calls.subscribe(listener)
      },
      metrics: () => {
        reads++
        return calls.metrics()
      },
      snapshot: () => calls.snapshot(),
      restore: (snapshot) => calls.restore(snapshot),
    }
    for (const options of [{}, { meter: createNoopMeter() }]) observePipeline(watched, options)()
    expect([listeners, reads]).toEqual([0, 0])
    const { meter, collect } = startMetrics()
    const end = observePipeline(watched, { meter, durations: 'none' })
    await collect()
    expect([listeners, reads]).toEqual([0, 1])
    end()
  })

  test('durations may be counted by the library: the same numbers as from the SDK', async () => {
    const producer = durationsProducer()
    onTestFinished(producer.end)
    const { meter, collect } = startMetrics([producer])
    const work = async (calls: Pipeline) => {
      for (let index = 0; index < 5; index++) await calls.execute(() => index)
      await calls.execute(boom).catch(() => {})
      await calls.execute(() => new Promise((resolve) => setTimeout(resolve, 110)))
    }
    const counted = pipeline('counted', [])
    await work(counted)
    producer.end()
    await counted.execute(() => 1)
    const bySdk = pipeline('counted by the SDK', [])
    onTestFinished(observePipeline(bySdk, { meter, durations: 'histogram' }))
    await work(bySdk)
    const points = (await collect()).get(METRICS.duration) ?? []
    const numbers = (name: string) =>
      of(points, { 'pipeline.name': name })?.map(({ attributes, value }) => {
        const { count, sum, buckets } = value as {
          count: number
          sum: number
          buckets: { boundaries: number[]; counts: number[] }
        }
        const inBuckets = buckets.counts.reduce((total, each) => total + each, 0)
        return { outcome: attributes.outcome, count, inBuckets, boundaries: buckets.boundaries, isLong: sum > 0.1 }
      })
    expect(numbers('counted')).toMatchObject([
      { outcome: 'success', count: 6, inBuckets: 6, isLong: true },
      { outcome: 'failure', count: 1, inBuckets: 1 },
    ])
    expect(numbers('counted by the SDK')).toEqual(numbers('counted'))
  })

  test('whatever the durations, the counters say what the histogram says', async () => {
    const { meter, collect } = startMetrics()
    const boundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
    const milliseconds = fc.oneof(
      fc.constantFrom(...boundaries.map((boundary) => boundary * 1_000)),
      fc.double({ min: 0, max: 40_000, noNaN: true }),
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(milliseconds, { minLength: 1, maxLength: 50 }), async (durations) => {
        const calls = pipeline(`counted ${run++}`, [])
        const listeners: ((event: ResilienceEvent) => void)[] = []
        const source: ObservablePipeline = {
          ...calls,
          name: calls.name,
          policies: [],
          inFlight: 0,
          subscribe: (listener) => {
            listeners.push(listener)
            return () => {}
          },
          metrics: () => calls.metrics(),
          snapshot: () => calls.snapshot(),
          restore: (snapshot) => calls.restore(snapshot),
        }
        const ends = [observePipeline(source, { meter }), observePipeline(source, { meter, durations: 'histogram' })]
        for (const duration of durations)
          for (const listener of listeners)
            listener({
              type: 'execution',
              pipeline: calls.name,
              outcome: 'success',
              duration,
              attempts: 1,
              error: undefined,
            })
        const found = await collect()
        for (const end of ends) end()
        const own = { 'pipeline.name': calls.name, outcome: 'success' }
        const { buckets, sum } = of(found.get(METRICS.duration), own)![0]!.value as {
          buckets: { counts: number[] }
          sum: number
        }
        const cumulative = buckets.counts.map((_, index) =>
          buckets.counts.slice(0, index + 1).reduce((total, each) => total + each, 0),
        )
        expect(of(found.get(METRICS.durationBucket), own)?.map(({ value }) => value)).toEqual(cumulative)
        expect(of(found.get(METRICS.durationSum), own)).toMatchObject([{ value: sum }])
      }),
      { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 30 },
    )
  })

  test('of a pool of connections', async () => {
    const { meter, collect } = startMetrics()
    const pool = { totalCount: 5, idleCount: 2, waitingCount: 1, options: { max: 8 } }
    onTestFinished(observePool(pool, { name: 'orders', meter }))
    const found = await collect()
    expect(
      found
        .get('db.client.connection.count')
        ?.map(({ attributes, value }) => [attributes['db.client.connection.state'], value]),
    ).toEqual([
      ['idle', 2],
      ['used', 3],
    ])
    expect(found.get('db.client.connection.pending_requests')).toMatchObject([{ value: 1 }])
    expect(found.get('db.client.connection.max')).toMatchObject([{ value: 8 }])
  })
})

describe('span events', () => {
  async function eventsOf(work: () => Promise<unknown>) {
    const { tracer, exporter } = startTracing()
    const end = observeEveryPipeline()
    await tracer.startActiveSpan('call', async (span) => {
      await work().catch(() => {})
      span.end()
    })
    end()
    return exporter.getFinishedSpans().find(({ name }) => name === 'call')!.events
  }

  test('tell of retries and giving up, on the span of the call though time passes between', async () => {
    const calls = pipeline('p', [retry({ maxAttempts: 2, backoff: constant(20) })])
    const events = await eventsOf(() => calls.execute(boom))
    expect(events.map(({ name, attributes }) => [name, attributes])).toEqual([
      [
        SPAN_EVENTS.retry,
        {
          'pipeline.name': 'p',
          'policy.name': 'retry',
          'resilience.attempt': 1,
          'resilience.delay': 0.02,
          'error.type': 'Error',
        },
      ],
      [
        SPAN_EVENTS['give-up'],
        {
          'pipeline.name': 'p',
          'policy.name': 'retry',
          'resilience.attempt': 2,
          'resilience.reason': 'attempts',
          'error.type': 'Error',
        },
      ],
    ])
  })

  test('of timeouts, circuits, rejections and fallbacks', async () => {
    const calls = pipeline('p', [
      fallback(() => 0),
      circuitBreaker({ consecutiveFailures: 1, openFor: 60_000 }),
      timeout(20),
    ])
    const events = await eventsOf(async () => {
      await calls.execute(() => new Promise(() => {}))
      await calls.execute(() => 1)
    })
    expect(events.map(({ name }) => name)).toEqual([
      'resilience.timeout',
      'resilience.circuit_breaker.state_change',
      'resilience.fallback',
      'resilience.rejection',
      'resilience.fallback',
    ])
    expect(events[1]?.attributes).toMatchObject({ 'resilience.from': 'closed', 'resilience.to': 'open' })
    expect(events[3]?.attributes).toMatchObject({ 'error.type': 'CIRCUIT_OPEN' })
  })

  test('calls without a span, and a quiet call, add none', async () => {
    const calls = pipeline('p', [retry({ maxAttempts: 2, backoff: constant(1) })])
    expect(await eventsOf(() => calls.execute(() => 1))).toEqual([])
    startTracing()
    const end = observeEveryPipeline()
    await expect(calls.execute(boom)).rejects.toThrow('boom')
    end()
  })
})

test('attempts over HTTP are siblings that know their resend count', async () => {
  const { tracer, exporter } = startTracing()
  const server = await startServer(inTurn(status(503), status(503), status(200)))
  // As the undici instrumentation does: a span for each request, at its creation.
  const onCreate = () => tracer.startSpan('GET', { attributes: resendAttributes() }).end()
  subscribe('undici:request:create', onCreate)
  onTestFinished(() => {
    unsubscribe('undici:request:create', onCreate)
  })
  const send = resilientFetch(pipeline('p', [retry({ backoff: constant(5), handleError: isTransient })]))
  await tracer.startActiveSpan('order', async (span) => {
    await send(server.origin)
    span.end()
  })
  const spans = exporter.getFinishedSpans()
  const parent = spans.find(({ name }) => name === 'order')?.spanContext().spanId
  const attempts = spans.filter(({ name }) => name === 'GET')
  expect(attempts.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([parent, parent, parent])
  expect(attempts.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([undefined, 1, 2])
})

test('a wrong option is told at once', () => {
  // @ts-expect-error there is no such option
  expect(() => observeEveryPipeline({ duration: false })).toThrow('did you mean durations')
  expect(trace.getActiveSpan()).toBeUndefined()
})
