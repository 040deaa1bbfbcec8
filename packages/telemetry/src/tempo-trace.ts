import { fieldsOf, listOf } from './otlp/fields.ts'
import { readSpans } from './otlp/read-spans.ts'
import type { Trace } from './trace.ts'

/**
 * Reads Tempo's JSON of one trace, of `/api/traces/ID` or `/api/v2/traces/ID`. Tempo knows nothing of faults.
 *
 * @returns undefined when there are no spans in it, which is how version 2 says "unknown"
 */
export function readTempoTrace(json: unknown): Trace | undefined {
  const body = fieldsOf(json)
  const groups = [...listOf(body.batches), ...listOf(fieldsOf(body.trace).resourceSpans)]
  const { spans } = readSpans(groups)
  const traceId = spans[0]?.traceId
  return traceId === undefined ? undefined : { traceId, spans, faults: [] }
}
