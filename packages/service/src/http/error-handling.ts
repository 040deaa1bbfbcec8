import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DatabaseUnavailableError } from '../database/errors.ts'
import { HttpProblem, type ProblemError } from './problem.ts'
import { problemDocument, problemHeaders } from './problem-reply.ts'

/** Gives a service's own errors their problem; undefined for those that it does not know. */
export type ErrorMapping = (error: unknown) => HttpProblem | undefined

/** A body of 50 wrong items would otherwise be answered by hundreds of lines. */
const ERRORS_SHOWN = 20
const DATABASE_RETRY_AFTER = 1_000
const LINGER = 5_000

/** Answers every error, of any origin, with a problem document. What is our fault is logged in full and told in brief. */
export function handleErrors(app: FastifyInstance, mapping: ErrorMapping = () => undefined): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => sendProblem(error, request, reply, mapping))
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      new HttpProblem(404, { detail: `There is no ${request.method} ${request.url.split('?')[0]}. See /docs.` }),
      request,
      reply,
    ),
  )
}

export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  mapping: ErrorMapping = () => undefined,
): FastifyReply {
  const problem = toProblem(error, mapping)
  if (problem.status >= 500) {
    const record = { err: error, method: request.method, path: request.routeOptions.url }
    if (problem.status === 500) request.log.error(record, 'request failed')
    else request.log.warn(record, 'request failed')
  }
  if (problem.status === 413) readTheRest(request, reply)
  return reply.code(problem.status).headers(problemHeaders(problem)).send(problemDocument(problem))
}

/**
 * A caller that is still sending when its connection closes sees a broken pipe, and never the 413. So the rest of the
 * body is read, for a while, and thrown away (RFC 9112, 9.6).
 */
function readTheRest(request: FastifyRequest, reply: FastifyReply): void {
  reply.removeHeader('connection')
  const giveUp = setTimeout(() => request.raw.socket.destroy(), LINGER)
  request.raw.once('end', () => clearTimeout(giveUp))
  request.raw.once('close', () => clearTimeout(giveUp))
  request.raw.resume()
}

function toProblem(error: unknown, mapping: ErrorMapping): HttpProblem {
  if (error instanceof HttpProblem) return error
  const mapped = mapping(error)
  if (mapped) return mapped
  if (error instanceof DatabaseUnavailableError)
    return new HttpProblem(503, {
      detail: 'The database is not available at the moment.',
      retryAfter: DATABASE_RETRY_AFTER,
    })
  if (isFastifyError(error) && error.statusCode !== undefined && error.statusCode < 500) return ofFastify(error)
  return new HttpProblem(500, { detail: 'The service failed at this request. Its log says why.' })
}

function ofFastify(error: FastifyError): HttpProblem {
  const status = error.statusCode ?? 400
  if (!error.validation) return new HttpProblem(status, { detail: error.message })
  const errors = error.validation.slice(0, ERRORS_SHOWN).map((fault): ProblemError => {
    const path = `${fault.instancePath}${missing(fault.params)}`
    const pointer = error.validationContext === 'body' ? `#${path}` : `parameter ${path.slice(1)}`
    return { pointer, detail: fault.message ?? 'is not valid' }
  })
  const title = 'The request is not valid'
  const detail = `${errors.length === 1 ? 'One thing is' : 'Some things are'} wrong with it; see errors.`
  return new HttpProblem(status, { type: 'invalid-request', title, detail, errors })
}

/** A missing property is pointed at by its own name, not by that of the object which lacks it. */
function missing(params: Record<string, unknown>): string {
  return typeof params.missingProperty === 'string' ? `/${params.missingProperty}` : ''
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
}
