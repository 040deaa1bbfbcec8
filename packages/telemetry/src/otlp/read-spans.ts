import type { Span, SpanEvent, SpanKind, SpanLink, SpanStatus } from '../trace.ts'
import {
  attributesOf,
  enumOf,
  type Fields,
  fieldsOf,
  idOf,
  listOf,
  millisecondsOf,
  serviceOf,
  textOf,
} from './fields.ts'

const KIND_NAMES = [
  'SPAN_KIND_UNSPECIFIED',
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
]
const KINDS: readonly SpanKind[] = ['internal', 'internal', 'server', 'client', 'producer', 'consumer']
const STATUS_NAMES = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR']
const STATUSES: readonly SpanStatus[] = ['unset', 'ok', 'error']

export interface ReadSpans {
  spans: Span[]
  /** Spans that had no usable ID or time. */
  rejected: number
}

/** Reads a list of OTLP `ResourceSpans`, as exporters send them and as Tempo answers with them. */
export function readSpans(resourceSpans: unknown): ReadSpans {
  const spans: Span[] = []
  let rejected = 0
  for (const group of listOf(resourceSpans).map(fieldsOf)) {
    const service = serviceOf(group.resource)
    for (const scope of listOf(group.scopeSpans).map(fieldsOf)) {
      for (const item of listOf(scope.spans)) {
        const span = readSpan(fieldsOf(item), service)
        if (span) spans.push(span)
        else rejected++
      }
    }
  }
  return { spans, rejected }
}

function readSpan(fields: Fields, service: string): Span | undefined {
  const traceId = idOf(fields.traceId, 16)
  const spanId = idOf(fields.spanId, 8)
  const parentSpanId = idOf(fields.parentSpanId, 8)
  const start = millisecondsOf(fields.startTimeUnixNano)
  const end = millisecondsOf(fields.endTimeUnixNano)
  if (traceId === undefined || spanId === undefined || start === undefined || end === undefined) return undefined
  const status = fieldsOf(fields.status)
  const message = textOf(status.message)
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    service,
    name: textOf(fields.name),
    kind: KINDS[enumOf(fields.kind, KIND_NAMES)] ?? 'internal',
    start,
    duration: Math.max(0, end - start),
    status: STATUSES[enumOf(status.code, STATUS_NAMES)] ?? 'unset',
    ...(message === '' ? {} : { statusMessage: message }),
    attributes: attributesOf(fields.attributes),
    events: listOf(fields.events).map((event) => readEvent(fieldsOf(event), start)),
    links: listOf(fields.links).flatMap(readLink),
  }
}

function readEvent(fields: Fields, start: number): SpanEvent {
  return {
    time: millisecondsOf(fields.timeUnixNano) ?? start,
    name: textOf(fields.name),
    attributes: attributesOf(fields.attributes),
  }
}

function readLink(link: unknown): SpanLink[] {
  const fields = fieldsOf(link)
  const traceId = idOf(fields.traceId, 16)
  const spanId = idOf(fields.spanId, 8)
  return traceId === undefined || spanId === undefined ? [] : [{ traceId, spanId }]
}
