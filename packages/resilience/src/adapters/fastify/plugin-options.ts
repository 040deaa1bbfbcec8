import type { FastifyReply, FastifyRequest } from 'fastify'
import { DEADLINE_HEADER } from '../../deadline/deadline-header.ts'
import type { ResilienceError } from '../../errors/resilience-error.ts'
import { OptionTable } from '../../options/option-table.ts'
import { aFunction, aHeaderOrFalse, aName, anObject, milliseconds } from '../../options/rules.ts'
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
  const settings = OPTIONS.create(own)
  return {
    ...settings,
    admission: settings.admission ?? pipeline('inbound', []),
    answer: settings.answer ?? ((error, _, reply) => sendProblem(error, reply, settings.retryAfter)),
  }
}

type Unset = 'admission' | 'stateRoute' | 'answer'

const OPTIONS = new OptionTable<ResiliencePluginOptions, Unset>('resilience plugin', {
  admission: { rule: anObject, default: undefined },
  priority: { rule: aFunction, default: (request) => request.routeOptions.config.priority ?? 'normal' },
  deadlineHeader: { rule: aHeaderOrFalse, default: DEADLINE_HEADER },
  maxDeadline: { rule: milliseconds(1, 'infinity'), default: Number.POSITIVE_INFINITY },
  retryAfter: { rule: milliseconds(0), default: 1_000 },
  stateRoute: { rule: aName, default: undefined },
  answer: { rule: aFunction, default: undefined },
})

function withRegistration<T extends object>(
  options: T,
): T & { prefix?: unknown; logLevel?: unknown; logSerializers?: unknown } {
  return options
}
