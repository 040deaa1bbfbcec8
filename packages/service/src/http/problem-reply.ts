import { STATUS_CODES } from 'node:http'
import { isSpanContextValid, trace } from '@opentelemetry/api'
import { type Static, Type } from 'typebox'
import type { HttpProblem } from './problem.ts'

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

export const ProblemDocument = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }))),
    traceId: Type.Optional(Type.String({ description: 'Where telemetry is on: the trace to look up' })),
  },
  { title: 'Problem', description: 'RFC 9457' },
)
export type ProblemDocument = Static<typeof ProblemDocument>

export function problemDocument({ status, details }: HttpProblem): ProblemDocument {
  const span = trace.getActiveSpan()?.spanContext()
  return {
    type: details.type ? `urn:chaos-kitchen:problem:${details.type}` : 'about:blank',
    title: details.title ?? STATUS_CODES[status] ?? 'Error',
    status,
    ...(details.detail !== undefined && { detail: details.detail }),
    ...(details.errors && { errors: details.errors }),
    ...(span && isSpanContextValid(span) && { traceId: span.traceId }),
  }
}

/** Retry-After has no fractions: rounded up, so that nobody comes too early. */
export function problemHeaders({ details }: HttpProblem): Record<string, string> {
  return {
    'content-type': PROBLEM_MEDIA_TYPE,
    ...(details.retryAfter !== undefined && { 'retry-after': String(Math.ceil(details.retryAfter / 1_000)) }),
  }
}
