import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { answerConnectionError } from './connection-errors.ts'
import { sendProblem } from './error-handling.ts'

/** Fastify whose handlers get their types from the TypeBox schemas of their routes. */
export type ServiceApp = FastifyInstance<
  Server,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

const BODY_LIMIT = 1_048_576

export function createApp(name: string, level: string): ServiceApp {
  const app = Fastify({
    logger: { level, base: { service: name } },
    disableRequestLogging: true,
    bodyLimit: BODY_LIMIT,
    // What a caller sends is right or wrong; "2" is not 2, and one item is not a list of items.
    ajv: { customOptions: { allErrors: true, coerceTypes: false, removeAdditional: false } },
    clientErrorHandler: answerConnectionError,
    frameworkErrors: sendProblem,
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.addHook('onResponse', (request, reply, done) => {
    if (!request.url.startsWith('/health/'))
      request.log.info(
        { method: request.method, path: request.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
        'request',
      )
    done()
  })
  return app
}
