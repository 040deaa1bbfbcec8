import { fieldsOf, listOf, numberOf, textOf } from './otlp/fields.ts'
import type {
  Attributes,
  AttributeValue,
  Fault,
  Span,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanStatus,
  Trace,
} from './trace.ts'

const KINDS: readonly SpanKind[] = ['internal', 'server', 'client', 'producer', 'consumer']
const STATUSES: readonly SpanStatus[] = ['unset', 'ok', 'error']

/** Reads a trace in the form that the collector stores it in and answers with. Undefined for anything else. */
export function readStoredTrace(value: unknown): Trace | undefined {
  const { traceId, spans, faults } = fieldsOf(value)
  if (typeof traceId !== 'string' || !Array.isArray(spans) || spans.length === 0) return undefined
  return { traceId, spans: spans.map((span) => readStoredSpan(span)), faults: listOf(faults).map(readFault) }
}

export function readStoredSpan(value: unknown): Span {
  const fields = fieldsOf(value)
  return {
    traceId: textOf(fields.traceId),
    spanId: textOf(fields.spanId),
    ...(typeof fields.parentSpanId === 'string' ? { parentSpanId: fields.parentSpanId } : {}),
    service: textOf(fields.service),
    name: textOf(fields.name),
    kind: KINDS.find((kind) => kind === fields.kind) ?? 'internal',
    start: numberOf(fields.start) ?? 0,
    duration: numberOf(fields.duration) ?? 0,
    status: STATUSES.find((status) => status === fields.status) ?? 'unset',
    ...(typeof fields.statusMessage === 'string' ? { statusMessage: fields.statusMessage } : {}),
    attributes: readAttributes(fields.attributes),
    events: listOf(fields.events).map(readEvent),
    links: listOf(fields.links).map(readLink),
  }
}

export function readAttributes(value: unknown): Attributes {
  return Object.fromEntries(Object.entries(fieldsOf(value)).map(([key, item]) => [key, readValue(item)]))
}

export function readFault(value: unknown): Fault {
  const { id, kind, target, from, to, label } = fieldsOf(value)
  return {
    id: textOf(id),
    kind: textOf(kind),
    target: textOf(target),
    from: numberOf(from) ?? 0,
    ...(typeof to === 'number' ? { to } : {}),
    label: textOf(label),
  }
}

function readEvent(value: unknown): SpanEvent {
  const { time, name, attributes } = fieldsOf(value)
  return { time: numberOf(time) ?? 0, name: textOf(name), attributes: readAttributes(attributes) }
}

function readLink(value: unknown): SpanLink {
  const { traceId, spanId } = fieldsOf(value)
  return { traceId: textOf(traceId), spanId: textOf(spanId) }
}

function readValue(value: unknown): AttributeValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(readValue)
  return value === null || value === undefined ? null : readAttributes(value)
}
