import type { SQLOutputValue } from 'node:sqlite'
import { fieldsOf, textOf } from '../../otlp/fields.ts'
import type { MetricPoint } from '../../otlp/read-metrics.ts'
import { readAttributes, readFault, readStoredSpan } from '../../stored-trace.ts'
import type { Fault, LogRecord, Span } from '../../trace.ts'

export type Row = Record<string, SQLOutputValue>

const TYPES: readonly MetricPoint['type'][] = ['gauge', 'sum', 'histogram', 'summary']

/** What a span's row keeps as one JSON text. */
export function spanDetails({ attributes, events, links }: Span): string {
  return JSON.stringify({ attributes, events, links })
}

export function spanOf(row: Row): Span {
  return readStoredSpan({
    ...row,
    ...fieldsOf(JSON.parse(textOf(row.details))),
    traceId: row.trace_id,
    spanId: row.span_id,
    parentSpanId: row.parent_span_id,
    statusMessage: row.status_message,
  })
}

export function logOf(row: Row): LogRecord {
  return {
    ...(typeof row.trace_id === 'string' ? { traceId: row.trace_id } : {}),
    ...(typeof row.span_id === 'string' ? { spanId: row.span_id } : {}),
    time: Number(row.time),
    service: textOf(row.service),
    severity: textOf(row.severity),
    body: textOf(row.body),
    attributes: readAttributes(JSON.parse(textOf(row.attributes))),
  }
}

export function metricOf(row: Row): MetricPoint {
  return {
    name: textOf(row.name),
    unit: textOf(row.unit),
    type: TYPES.find((type) => type === row.type) ?? 'gauge',
    service: textOf(row.service),
    attributes: readAttributes(JSON.parse(textOf(row.attributes))),
    time: Number(row.time),
    value: Number(row.value),
    ...(typeof row.count === 'number' ? { count: row.count } : {}),
  }
}

export function faultOf(row: Row): Fault {
  return readFault(row)
}
