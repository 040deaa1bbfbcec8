import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { SimpleSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Collector } from '../../src/collector/index.ts'
import { fetchTrace, type Trace } from '../../src/index.ts'
import { memoryCollector, postJson } from '../support/collector.ts'
import { otlpTraces } from '../support/otlp-json.ts'
import { sampleTrace } from '../support/sample-trace.ts'

let collector: Collector

beforeAll(async () => {
  collector = await memoryCollector()
})

afterAll(() => collector.stop())

/** Values that a proto3 reader may mistake for nothing. */
const DEFAULTS = { zero: 0, no: false, empty: '' }

const resource = resourceFromAttributes({ 'service.name': 'order' })

test.each([
  ['JSON', () => new JsonExporter({ url: `${collector.url}/v1/traces` })],
  ['protobuf', () => new ProtobufExporter({ url: `${collector.url}/v1/traces` })],
  [
    'protobuf, gzip',
    () => {
      process.env.OTEL_EXPORTER_OTLP_COMPRESSION = 'gzip'
      const exporter = new ProtobufExporter({ url: `${collector.url}/v1/traces` })
      delete process.env.OTEL_EXPORTER_OTLP_COMPRESSION
      return exporter
    },
  ],
])('a real exporter in %s: every field arrives as it was', async (_name, exporter) => {
  const { traceId, parentId } = await exportSpans(exporter())
  const found = await known(traceId)
  expect(found.spans).toHaveLength(2)
  const child = found.spans.find((span) => span.parentSpanId !== undefined)!
  expect(child).toMatchObject({
    traceId,
    parentSpanId: parentId,
    service: 'order',
    name: 'GET /items/:id',
    kind: 'client',
    status: 'error',
    statusMessage: 'refused',
    attributes: {
      text: 'Crème brûlée',
      whole: 42,
      negative: -7,
      fraction: 1.5,
      yes: true,
      list: ['a', 'b'],
      ...DEFAULTS,
    },
    events: [{ name: 'retry', attributes: { attempt: 2 } }],
    links: [{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }],
  })
  expect(child.duration).toBeCloseTo(12.5, 2)
  expect(child.start).toBe(1_700_000_000_100)
  expect(child.events[0]?.time).toBe(1_700_000_000_105)
})

test('logs of a real exporter are found by their trace', async () => {
  const provider = new LoggerProvider({
    resource,
    processors: [new SimpleLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${collector.url}/v1/logs` }) })],
  })
  const spanContext = { traceId: randomBytes(16).toString('hex'), spanId: 'b7ad6b7169203331', traceFlags: 1 }
  provider.getLogger('test').emit({
    severityNumber: 17,
    body: 'menu is away',
    attributes: { orderId: 'o-1' },
    context: trace.setSpanContext(ROOT_CONTEXT, spanContext),
  })
  await provider.forceFlush()
  await provider.shutdown()
  const response = await fetch(`${collector.url}/api/traces/${spanContext.traceId}/logs`)
  expect(await response.json()).toMatchObject({
    logs: [{ ...{ service: 'order', severity: 'error', body: 'menu is away' }, attributes: { orderId: 'o-1' } }],
  })
})

test('metrics of a real exporter: names and latest values', async () => {
  const exporter = new OTLPMetricExporter({ url: `${collector.url}/v1/metrics` })
  const provider = new MeterProvider({ resource, readers: [new PeriodicExportingMetricReader({ exporter })] })
  const meter = provider.getMeter('test')
  const counter = meter.createCounter('orders.placed', { unit: '{order}' })
  counter.add(2, { customer: 'a' })
  meter.createUpDownCounter('orders.open').add(0)
  meter.createHistogram('order.duration', { unit: 's' }).record(0.25)
  await provider.forceFlush()
  counter.add(3, { customer: 'a' })
  await provider.forceFlush()
  await provider.shutdown()
  const response = await fetch(`${collector.url}/api/metrics`)
  const { metrics } = (await response.json()) as { metrics: unknown[] }
  expect(metrics).toContainEqual(
    expect.objectContaining({ name: 'orders.placed', type: 'sum', unit: '{order}', service: 'order', value: 5 }),
  )
  expect(metrics).toContainEqual(expect.objectContaining({ name: 'orders.open', value: 0 }))
  expect(metrics).toContainEqual(
    expect.objectContaining({ name: 'order.duration', type: 'histogram', value: 0.25, count: 1 }),
  )
})

test('what is sent twice is stored once', async () => {
  const sample = sampleTrace()
  for (let times = 0; times < 2; times++) await postJson(`${collector.url}/v1/traces`, otlpTraces(sample.spans))
  expect((await known(sample.traceId)).spans).toHaveLength(sample.spans.length)
})

test('spans without a usable ID or time are refused one by one, the others are kept', async () => {
  const [good] = sampleTrace().spans
  const id = randomBytes(16).toString('hex')
  const body = otlpTraces([
    { ...good!, traceId: id },
    { ...good!, spanId: 'not hex' },
    { ...good!, traceId: '0'.repeat(32) },
  ])
  const response = await postJson(`${collector.url}/v1/traces`, body)
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ partialSuccess: { rejectedSpans: '2' } })
  expect((await known(id)).spans).toHaveLength(1)
})

const JSON_TYPE = 'application/json'
const PROTOBUF_TYPE = 'application/x-protobuf'

test.each<[string, string, string | Uint8Array<ArrayBuffer>, number, string?]>([
  ['no JSON', JSON_TYPE, '{"resourceSpans": [', 400],
  ['no protobuf', PROTOBUF_TYPE, Buffer.from('this is not protobuf'), 400],
  ['truncated protobuf', PROTOBUF_TYPE, Buffer.from([0x0a, 0xff, 0xff, 0x03, 1, 2]), 400],
  ['no gzip', JSON_TYPE, '{}', 400, 'gzip'],
  ['another encoding', JSON_TYPE, '{}', 415, 'br'],
  ['another content type', 'text/plain', 'hello', 415],
  ['a gzip bomb', JSON_TYPE, Buffer.from(gzipSync(Buffer.alloc(64 * 1024 * 1024, 32))), 413, 'gzip'],
])('%s is refused in words', async (_name, type, body, status, encoding) => {
  const headers = { 'content-type': type, ...(encoding ? { 'content-encoding': encoding } : {}) }
  const response = await fetch(`${collector.url}/v1/traces`, { method: 'POST', headers, body })
  expect(response.status).toBe(status)
  expect((await response.text()).length).toBeGreaterThan(10)
})

test.each<[string, unknown]>([
  ['null', null],
  ['a number', 7],
  ['spans that are no list', { resourceSpans: { a: 1 } }],
  [
    'spans of strange things',
    { resourceSpans: [null, 1, 'x', { scopeSpans: [{ spans: [null, [], { traceId: 7 }] }] }] },
  ],
])('JSON of another shape (%s) breaks nothing', async (_name, body) => {
  const response = await postJson(`${collector.url}/v1/traces`, body)
  expect(response.status).toBe(200)
})

test('attributes nested a thousand deep break nothing', async () => {
  let value: unknown = { stringValue: 'deep' }
  for (let depth = 0; depth < 1_000; depth++) value = { arrayValue: { values: [value] } }
  const [good] = sampleTrace().spans
  const id = randomBytes(16).toString('hex')
  const body = JSON.parse(JSON.stringify(otlpTraces([{ ...good!, traceId: id }])))
  body.resourceSpans[0].scopeSpans[0].spans[0].attributes = [{ key: 'deep', value }]
  expect((await postJson(`${collector.url}/v1/traces`, body)).status).toBe(200)
  expect((await known(id)).spans).toHaveLength(1)
})

test('a body of 100 MB is refused, and the collector goes on', async () => {
  const chunk = new Uint8Array(1024 * 1024).fill(32)
  let sent = 0
  const body = new ReadableStream({
    pull: (controller) => (sent++ < 100 ? controller.enqueue(chunk) : controller.close()),
  })
  // The refusal may come as 413, or as a closed connection while we are still sending.
  const status = await fetch(`${collector.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': JSON_TYPE },
    body,
    duplex: 'half',
  } as RequestInit).then(
    (response) => response.status,
    () => 413,
  )
  expect(status).toBe(413)
  expect(sent).toBeLessThan(100)
  expect((await fetch(`${collector.url}/health/ready`)).status).toBe(200)
})

async function known(traceId: string): Promise<Trace> {
  const found = await fetchTrace(collector.url, traceId)
  if (!found) throw new Error(`trace ${traceId} is not there`)
  return found
}

/** A parent and a child with everything that a span can have. */
async function exportSpans(exporter: SpanExporter): Promise<{ traceId: string; parentId: string }> {
  const provider = new TracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  const tracer = provider.getTracer('test')
  const parent = tracer.startSpan('place order', { startTime: 1_700_000_000_000 })
  const link = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 }
  const child = tracer.startSpan(
    'GET /items/:id',
    {
      kind: SpanKind.CLIENT,
      startTime: 1_700_000_000_100,
      attributes: {
        text: 'Crème brûlée',
        whole: 42,
        negative: -7,
        fraction: 1.5,
        yes: true,
        list: ['a', 'b'],
        ...DEFAULTS,
      },
      links: [{ context: link }],
    },
    trace.setSpan(context.active(), parent),
  )
  child.addEvent('retry', { attempt: 2 }, 1_700_000_000_105)
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'refused' })
  child.end(1_700_000_000_112.5)
  parent.end(1_700_000_000_200)
  await provider.forceFlush()
  await provider.shutdown()
  const { traceId, spanId } = parent.spanContext()
  return { traceId, parentId: spanId }
}
