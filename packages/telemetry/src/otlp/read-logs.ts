import type { LogRecord } from '../trace.ts'
import {
  attributesOf,
  attributeValueOf,
  type Fields,
  fieldsOf,
  idOf,
  listOf,
  millisecondsOf,
  numberOf,
  serviceOf,
  textOf,
} from './fields.ts'

/** Severity numbers come in fours: 1–4 trace, 5–8 debug, and so on. */
const SEVERITIES = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

/** Reads a list of OTLP `ResourceLogs`. */
export function readLogs(resourceLogs: unknown): LogRecord[] {
  return listOf(resourceLogs)
    .map(fieldsOf)
    .flatMap((group) => {
      const service = serviceOf(group.resource)
      const scopes = listOf(group.scopeLogs).map(fieldsOf)
      return scopes.flatMap((scope) =>
        listOf(scope.logRecords).map((record) => readLogRecord(fieldsOf(record), service)),
      )
    })
}

function readLogRecord(fields: Fields, service: string): LogRecord {
  const traceId = idOf(fields.traceId, 16)
  const spanId = idOf(fields.spanId, 8)
  const body = attributeValueOf(fields.body)
  const severity = SEVERITIES[Math.floor(((numberOf(fields.severityNumber) ?? 0) - 1) / 4)]
  const written = millisecondsOf(fields.timeUnixNano)
  return {
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
    time: written || millisecondsOf(fields.observedTimeUnixNano) || Date.now(),
    service,
    severity: severity ?? textOf(fields.severityText),
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: attributesOf(fields.attributes),
  }
}
