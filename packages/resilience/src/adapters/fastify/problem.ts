import type { FastifyReply } from 'fastify'
import type { ErrorCode, ResilienceError } from '../../errors/resilience-error.ts'

/** RFC 9457. */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
}

export interface ProblemReply {
  problem: Problem
  /** For the header Retry-After, in whole seconds. */
  retryAfter: number | undefined
}

/**
 * What a caller is told of a policy's error: 429 for a rate limit, 504 for time that ran out, 503 for all else. Says
 * nothing of pipelines and limits, which are not the caller's business.
 *
 * @param retryAfter milliseconds, where the error knows none
 */
export function toProblem(error: ResilienceError, retryAfter: number = 1_000): ProblemReply {
  const { status, title, detail } = KINDS[error.code] ?? OVERLOADED
  // Rounded up: nobody should come too early.
  const seconds = status === 504 ? undefined : Math.ceil((error.retryAfter ?? retryAfter) / 1_000)
  const type = `urn:problem:resilience:${error.code.toLowerCase().replaceAll('_', '-')}`
  const wait = seconds === undefined ? '' : ` Try again in ${seconds} s.`
  return { problem: { type, title, status, detail: detail + wait }, retryAfter: seconds }
}

export function sendProblem(error: ResilienceError, reply: FastifyReply, retryAfter: number): void {
  const { problem, retryAfter: seconds } = toProblem(error, retryAfter)
  if (seconds !== undefined) reply.header('retry-after', String(seconds))
  reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

interface Kind {
  status: number
  title: string
  detail: string
}

const OVERLOADED: Kind = {
  status: 503,
  title: 'Service Unavailable',
  detail: 'The service has as much to do as it can. The request was not begun.',
}
const KINDS: Partial<Record<ErrorCode, Kind>> = {
  RATE_LIMITED: {
    status: 429,
    title: 'Too Many Requests',
    detail: 'More requests came than are allowed. This one was not begun.',
  },
  TIMEOUT: {
    status: 504,
    title: 'Gateway Timeout',
    detail: 'The request took longer than it may. It may have had effects.',
  },
  DEADLINE_EXCEEDED: {
    status: 504,
    title: 'Gateway Timeout',
    detail: "The caller's deadline passed before there was a reply. The request may have had effects.",
  },
}
