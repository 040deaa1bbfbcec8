import type { Attributes, AttributeValue, LogRecord, Span } from '../../src/trace.ts'

const KINDS = ['', 'internal', 'server', 'client', 'producer', 'consumer']
const STATUSES = ['unset', 'ok', 'error']

/** Spans as an exporter would send them in OTLP's JSON. */
export function otlpTraces(spans: readonly Span[]): unknown {
  const groups = Map.groupBy(spans, (span) => span.service)
  return {
    resourceSpans: [...groups].map(([service, members]) => ({
      resource: { attributes: keyValues({ 'service.name': service }) },
      scopeSpans: [{ scope: { name: 'test' }, spans: members.map(otlpSpan) }],
    })),
  }
}

export function otlpLogs(logs: readonly LogRecord[]): unknown {
  return {
    resourceLogs: logs.map((log) => ({
      resource: { attributes: keyValues({ 'service.name': log.service }) },
      scopeLogs: [
        {
          logRecords: [
            {
              traceId: log.traceId,
              spanId: log.spanId,
              timeUnixNano: nanoseconds(log.time),
              severityNumber: log.severity === 'error' ? 17 : 9,
              body: { stringValue: log.body },
              attributes: keyValues(log.attributes),
            },
          ],
        },
      ],
    })),
  }
}

export function nanoseconds(milliseconds: number): string {
  return String(BigInt(Math.round(milliseconds * 1_000)) * 1_000n)
}

function otlpSpan(span: Span) {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    name: span.name,
    kind: KINDS.indexOf(span.kind),
    startTimeUnixNano: nanoseconds(span.start),
    endTimeUnixNano: nanoseconds(span.start + span.duration),
    attributes: keyValues(span.attributes),
    events: span.events.map(({ time, name, attributes }) => ({
      timeUnixNano: nanoseconds(time),
      name,
      attributes: keyValues(attributes),
    })),
    links: span.links,
    status: { code: STATUSES.indexOf(span.status), message: span.statusMessage ?? '' },
  }
}

function keyValues(attributes: Attributes) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: AttributeValue): unknown {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return value === null ? {} : { kvlistValue: { values: keyValues(value) } }
}
