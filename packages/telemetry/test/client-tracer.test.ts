import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Collector } from '../src/collector/index.ts'
import { createClientTracer, fetchTrace, waitForTrace } from '../src/index.ts'
import { memoryCollector } from './support/collector.ts'
import { listen } from './support/listen.ts'

let collector: Collector

beforeAll(async () => {
  collector = await memoryCollector()
})

afterAll(() => collector.stop())

test('one order: a root, and its attempts as siblings below it', async () => {
  const tracer = await createClientTracer({ endpoint: collector.url, serviceName: 'client' })
  const order = tracer.start('place order', { 'order.number': 2 })
  const first = order.attempt('POST /orders', 1, { 'http.request.method': 'POST' })
  first.end(Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }))
  const second = order.attempt('POST /orders', 2)
  second.set({ 'http.response.status_code': 201 })
  second.event('placed')
  second.end()
  order.end()
  await tracer.shutdown()

  expect(second.traceparent).toBe(`00-${order.traceId}-${second.spanId}-01`)
  const found = await fetchTrace(collector.url, order.traceId)
  const byName = Object.fromEntries(found!.spans.map((span) => [span.spanId, span]))
  expect(byName[order.spanId]).toMatchObject({ name: 'place order', service: 'client' })
  expect(byName[order.spanId]).not.toHaveProperty('parentSpanId')
  expect(byName[first.spanId]).toMatchObject({
    ...{ parentSpanId: order.spanId, kind: 'client', status: 'error', statusMessage: 'other side closed' },
    attributes: { attempt: 1, 'error.type': 'UND_ERR_SOCKET', 'http.request.method': 'POST' },
  })
  expect(byName[second.spanId]).toMatchObject({
    parentSpanId: order.spanId,
    attributes: { attempt: 2, 'http.request.resend_count': 1, 'http.response.status_code': 201 },
    events: [{ name: 'placed' }],
  })
})

test('waits for a trace that comes later, and for as much of it as is asked for', async () => {
  const tracer = await createClientTracer({ endpoint: collector.url, serviceName: 'client' })
  const order = tracer.start('place order')
  const attempt = order.attempt('POST /orders', 1)
  const waiting = waitForTrace(collector.url, order.traceId, 10_000, ({ spans }) => spans.length === 2)
  attempt.end()
  await tracer.flush()
  order.end()
  await tracer.flush()
  expect((await waiting)?.spans).toHaveLength(2)
  await tracer.shutdown()
})

test('without an endpoint there are IDs all the same, and nothing to wait for', async () => {
  const tracer = await createClientTracer({ serviceName: 'client' })
  const order = tracer.start('place order')
  expect(order.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  order.end()
  await tracer.shutdown()
})

test('a collector that never answers holds nobody', async () => {
  const silent = createServer(() => undefined)
  onTestFinished(() => void silent.close())
  const endpoint = await listen(silent)
  const tracer = await createClientTracer({ endpoint, serviceName: 'client' })
  tracer.start('place order').end()
  const started = performance.now()
  await tracer.flush()
  await tracer.shutdown()
  expect(performance.now() - started).toBeLessThan(6_000)
})

test('an unknown trace is undefined; where nothing answers, the error says so', async () => {
  const id = 'ffffffffffffffffffffffffffffffff'
  expect(await fetchTrace(collector.url, id)).toBeUndefined()
  expect(await waitForTrace(collector.url, id, 50)).toBeUndefined()
  await expect(fetchTrace('http://127.0.0.1:1', id)).rejects.toThrow('Nothing answers at http://127.0.0.1:1')
  expect(await waitForTrace('http://127.0.0.1:1', id, 50)).toBeUndefined()
})
