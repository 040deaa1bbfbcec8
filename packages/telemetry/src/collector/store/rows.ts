import type { SQLOutputValue } from 'node:sqlite'
import { fieldsOf, listOf, textOf } from '../../otlp/fields.ts'
import type { MetricPoint } from '../../otlp/read-metrics.ts'
import type { Attributes, AttributeValue, Fault, LogRecord, Span, SpanEvent, SpanKind, SpanLink } from '../../trace.ts'

export type Row = Record<string, SQLOutputValue>

const KINDS: readonly SpanKind[] = ['internal', 'server', 'client', 'producer', 'consumer']
const TYPES: readonly MetricPoint['type'][] = ['gauge', 'sum', 'histogram', 'summary']

/** What a span's row keeps as one JSON text. */
export function spanDetails({ attributes, events, links }: Span): string {
  return JSON.stringify({ attributes, events, links })
}

export function spanOf(row: Row): Span {
  const details = fieldsOf(JSON.parse(textOf(row.details)))
  return {
    traceId: textOf(row.trace_id),
    spanId: textOf(row.span_id),
    ...(typeof row.parent_span_id === 'string' ? { parentSpanId: row.parent_span_id } : {}),
    service: textOf(row.service),
    name: textOf(row.name),
    kind: KINDS.find((kind) => kind === row.kind) ?? 'internal',
    start: Number(row.start),
    duration: Number(row.duration),
    status: row.status === 'error' || row.status === 'ok' ? row.status : 'unset',
    ...(typeof row.status_message === 'string' ? { statusMessage: row.status_message } : {}),
    attributes: storedAttributes(details.attributes),
    events: listOf(details.events).map(eventOf),
    links: listOf(details.links).map(linkOf),
  }
}

export function logOf(row: Row): LogRecord {
  return {
    ...(typeof row.trace_id === 'string' ? { traceId: row.trace_id } : {}),
    ...(typeof row.span_id === 'string' ? { spanId: row.span_id } : {}),
    time: Number(row.time),
    service: textOf(row.service),
    severity: textOf(row.severity),
    body: textOf(row.body),
    attributes: storedAttributes(JSON.parse(textOf(row.attributes))),
  }
}

export function metricOf(row: Row): MetricPoint {
  return {
    name: textOf(row.name),
    unit: textOf(row.unit),
    type: TYPES.find((type) => type === row.type) ?? 'gauge',
    service: textOf(row.service),
    attributes: storedAttributes(JSON.parse(textOf(row.attributes))),
    time: Number(row.time),
    value: Number(row.value),
    ...(typeof row.count === 'number' ? { count: row.count } : {}),
  }
}

export function faultOf(row: Row): Fault {
  return {
    id: textOf(row.id),
    kind: textOf(row.kind),
    target: textOf(row.target),
    from: Number(row.from),
    ...(typeof row.to === 'number' ? { to: row.to } : {}),
    label: textOf(row.label),
  }
}

function eventOf(value: unknown): SpanEvent {
  const { time, name, attributes } = fieldsOf(value)
  return { time: Number(time), name: textOf(name), attributes: storedAttributes(attributes) }
}

function linkOf(value: unknown): SpanLink {
  const { traceId, spanId } = fieldsOf(value)
  return { traceId: textOf(traceId), spanId: textOf(spanId) }
}

function storedAttributes(value: unknown): Attributes {
  return Object.fromEntries(Object.entries(fieldsOf(value)).map(([key, item]) => [key, storedValue(item)]))
}

function storedValue(value: unknown): AttributeValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(storedValue)
  return value === null || value === undefined ? null : storedAttributes(value)
}
