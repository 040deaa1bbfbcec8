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
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function createApp(name: string, level: string): ServiceApp {
  const app = Fastify({
    logger: { level, base: { service: name } },
    logController: new Fastify.LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    // Schemas limit parameters, by characters; percent-encoded each may take nine bytes.
    routerOptions: { maxParamLength: 1_000 },
    // What a caller sends is right or wrong; "2" is not 2, and one item is not a list of items.
    ajv: {
      customOptions: { allErrors: true, coerceTypes: false, removeAdditional: false },
      // The usual `uuid` also allows `urn:uuid:…`, which PostgreSQL does not.
      onCreate: (validator) => validator.addFormat('uuid', UUID),
    },
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
