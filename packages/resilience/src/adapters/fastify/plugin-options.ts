import type { FastifyReply, FastifyRequest } from 'fastify'
import { DEADLINE_HEADER } from '../../deadline/deadline-header.ts'
import type { ResilienceError } from '../../errors/resilience-error.ts'
import { checkOptions } from '../../options/check-options.ts'
import { aFunction, aName, anObject, milliseconds, type Rule } from '../../options/rules.ts'
import type { Priority } from '../../pipeline/execute-options.ts'
import { type Pipeline, pipeline } from '../../pipeline/pipeline.ts'
import { sendProblem } from './problem.ts'

export interface ResiliencePluginOptions {
  /**
   * What every request goes through before its body is read: bulkhead, rate limit, adaptive limit, shedding, a timeout.
   * A request is never run twice, whatever the pipeline says. Default: none, everybody is let in.
   */
  admission?: Pick<Pipeline, 'execute'>
  /** Who is let in first. Default: what the route's `config.priority` says, `normal` without. */
  priority?: (request: FastifyRequest) => Priority
  /** The header with the milliseconds that the caller still waits. Default `x-deadline-ms`; false: none. */
  deadlineHeader?: string | false
  /** Nobody is served for longer than this many milliseconds, whatever the header says. Default Infinity. */
  maxDeadline?: number
  /** Retry-After of a 429 or 503 where the policy that turned the request away knows none, in milliseconds. Default 1 000. */
  retryAfter?: number
  /** Path of a route that tells the metrics of all pipelines of the process. Default: no route. */
  stateRoute?: string
  /** Replies to a request that was turned away or ran out of time. Default: a problem document (RFC 9457). */
  answer?: (error: ResilienceError, request: FastifyRequest, reply: FastifyReply) => void
}

export type ResiliencePluginSettings = Required<Omit<ResiliencePluginOptions, 'stateRoute'>> & {
  stateRoute: string | undefined
}

export function settlePluginOptions(options: ResiliencePluginOptions): ResiliencePluginSettings {
  // Fastify adds options of its own to those of a plugin.
  const { prefix: _prefix, logLevel: _level, logSerializers: _serializers, ...own } = withRegistration(options)
  checkOptions('resilience plugin', own, {
    admission: anObject,
    priority: aFunction,
    deadlineHeader: aNameOrFalse,
    maxDeadline: milliseconds(1, 'infinity'),
    retryAfter: milliseconds(0),
    stateRoute: aName,
    answer: aFunction,
  })
  const { retryAfter = 1_000 } = own
  return {
    admission: own.admission ?? pipeline('inbound', []),
    priority: own.priority ?? ((request) => request.routeOptions.config.priority ?? 'normal'),
    deadlineHeader: own.deadlineHeader ?? DEADLINE_HEADER,
    maxDeadline: own.maxDeadline ?? Number.POSITIVE_INFINITY,
    retryAfter,
    stateRoute: own.stateRoute,
    answer: own.answer ?? ((error, _, reply) => sendProblem(error, reply, retryAfter)),
  }
}

function withRegistration<T extends object>(
  options: T,
): T & { prefix?: unknown; logLevel?: unknown; logSerializers?: unknown } {
  return options
}

const aNameOrFalse: Rule = {
  test: (value) => value === false || aName.test(value),
  text: 'the name of a header, or false',
}
