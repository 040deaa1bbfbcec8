import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Collector } from '../../src/collector/index.ts'
import { createClientTracer, type Span, type Trace, waitForTrace } from '../../src/index.ts'
import { memoryCollector } from '../support/collector.ts'
import { type RunningPostgres, startPostgres } from '../support/postgres.ts'
import { type RunningService, startService } from '../support/service.ts'

let collector: Collector
let postgres: RunningPostgres
let order: RunningService
let menu: RunningService
let trace: Trace
let clientSpanId: string

beforeAll(async () => {
  ;[collector, postgres] = await Promise.all([memoryCollector(), startPostgres()])
  const common = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
  menu = await startService({
    environment: { ...common, OTEL_SERVICE_NAME: 'menu' },
    register: pathToFileURL(join(import.meta.dirname, '../../src/register/index.ts')).href,
  })
  order = await startService({
    environment: { ...common, OTEL_SERVICE_NAME: 'order', DATABASE_URL: postgres.url, PEER_URL: menu.url },
  })
  await fetch(`${order.url}/health/ready`)
  await fetch(`${order.url}/test/requests`)
  const tracer = await createClientTracer({ endpoint: collector.url, serviceName: 'client' })
  const root = tracer.start('place order')
  const attempt = root.attempt('GET /orders', 1)
  clientSpanId = attempt.spanId
  const response = await fetch(`${order.url}/orders/burger`, { headers: { traceparent: attempt.traceparent } })
  expect(await response.json()).toEqual({ status: 200, timedOut: true, rows: 1 })
  attempt.end()
  root.end()
  await tracer.shutdown()
  const complete = ({ spans }: Trace) =>
    spans.some((span) => span.attributes['url.path'] === '/slow' && span.kind === 'server') &&
    spans.some((span) => span.kind === 'server' && span.service === 'order')
  trace = (await waitForTrace(collector.url, root.traceId, 20_000, complete))!
}, 120_000)

afterAll(async () => {
  for (const service of [order, menu]) service?.child.kill('SIGKILL')
  await Promise.all([order?.exit, menu?.exit])
  await postgres?.stop()
  await collector?.stop()
})

const find = (wanted: (span: Span) => boolean) => trace.spans.filter(wanted)
const ofPath = (path: string, kind: string) =>
  find((span) => span.kind === kind && span.attributes['url.path'] === path)

test('one trace over client, both services and SQL, each with its right parent', () => {
  const [server] = ofPath('/orders/burger', 'server')
  expect(server).toMatchObject({ service: 'order', name: 'GET /orders/:id', parentSpanId: clientSpanId })
  expect(server?.attributes['http.route']).toBe('/orders/:id')

  const calls = ofPath('/items/burger', 'client')
  expect(calls.map((span) => span.parentSpanId)).toEqual([server?.spanId, server?.spanId])
  const served = ofPath('/items/burger', 'server')
  expect(new Set(served.map((span) => span.parentSpanId))).toEqual(new Set(calls.map((span) => span.spanId)))
  expect(served.every((span) => span.service === 'menu' && span.name === 'GET /items/:id')).toBe(true)

  const [query] = find((span) => span.attributes['db.query.text'] === 'SELECT $1::text AS id')
  expect(query).toMatchObject({ service: 'order', kind: 'client', parentSpanId: server?.spanId })
  expect(query?.attributes['db.system.name']).toBe('postgresql')
})

test('a retry is a sibling that knows how often it was sent again', () => {
  const calls = ofPath('/items/burger', 'client').toSorted((a, b) => a.start - b.start || b.duration - a.duration)
  expect(calls.map((span) => span.attributes['http.response.status_code']).toSorted()).toEqual([200, 503])
  const counts = calls.map((span) => [
    span.attributes['http.response.status_code'],
    span.attributes['http.request.resend_count'],
  ])
  expect(counts).toContainEqual([503, undefined])
  expect(counts).toContainEqual([200, 1])
})

test('a timeout is called by its name, at the server too', () => {
  const [call] = ofPath('/slow', 'client')
  const [server] = ofPath('/slow', 'server')
  expect(call).toMatchObject({ status: 'error', attributes: { 'error.type': 'TimeoutError' } })
  expect(server).toMatchObject({ parentSpanId: call?.spanId, attributes: { 'error.type': 'ClientClosedRequest' } })
  const others = trace.spans.filter((span) => span.kind === 'server' && span !== server)
  expect(others.map((span) => span.attributes['error.type'])).not.toContain('ClientClosedRequest')
})

test('health checks and the routes of tests make no trace', async () => {
  const { traces } = (await (await fetch(`${collector.url}/api/traces?limit=1000`)).json()) as {
    traces: { name: string }[]
  }
  expect(traces.map(({ name }) => name)).toEqual(['place order'])
})

test('log lines carry the trace, on standard output and in the collector', async () => {
  const line = order.stdout.map((text) => JSON.parse(text)).find(({ msg }) => msg === 'order looked up')
  expect(line).toMatchObject({ trace_id: trace.traceId, order: 'burger' })
  await expect
    .poll(async () => (await fetch(`${collector.url}/api/traces/${trace.traceId}/logs`)).json(), { timeout: 15_000 })
    .toMatchObject({ logs: expect.arrayContaining([expect.objectContaining({ body: 'order looked up' })]) })
})

test('pool and runtime metrics: the pool as it is, none that drifts', async () => {
  const metrics = async () => {
    const body = (await (await fetch(`${collector.url}/api/metrics`)).json()) as {
      metrics: { name: string; service: string; value: number; attributes: Record<string, unknown> }[]
    }
    return body.metrics.filter(({ service }) => service === 'order')
  }
  await expect
    .poll(async () => (await metrics()).map(({ name }) => name), { timeout: 20_000, interval: 250 })
    .toEqual(
      expect.arrayContaining([
        'db.client.connection.count',
        'db.client.operation.duration',
        'http.server.request.duration',
        'http.client.request.duration',
        'nodejs.eventloop.utilization',
      ]),
    )
  const pools = (await metrics()).filter(({ name }) => name.startsWith('db.client.connection.'))
  expect(pools.map(({ name, value, attributes }) => [name, attributes['db.client.connection.state'], value])).toEqual([
    ['db.client.connection.count', 'idle', 1],
    ['db.client.connection.count', 'used', 0],
    ['db.client.connection.max', undefined, 3],
    ['db.client.connection.pending_requests', undefined, 0],
  ])
  expect(pools.every(({ attributes }) => attributes['db.client.connection.pool.name'] === 'fixture')).toBe(true)
})

test('a graceful stop right after a request exports its spans', async () => {
  const tracer = await createClientTracer({ serviceName: 'client' })
  const root = tracer.start('last order')
  await fetch(`${menu.url}/items/last`, { headers: { traceparent: root.traceparent } })
  menu.child.kill('SIGTERM')
  expect(await menu.exit).toBe(0)
  const found = await waitForTrace(collector.url, root.traceId, 0)
  expect(found?.spans).toMatchObject([{ service: 'menu', parentSpanId: root.spanId }])
})
