import Fastify, { type FastifyInstance } from 'fastify'
import { faultRoutes } from './fault-routes.ts'
import { otlpRoutes } from './otlp-routes.ts'
import { pageRoutes } from './page-routes.ts'
import { readRoutes } from './read-routes.ts'
import type { Store } from './store/store.ts'

/** The collector's HTTP server, over a store that the caller opens and closes. */
export async function createApp(store: Store): Promise<FastifyInstance> {
  // A stop must not wait for the keep-alive connections of exporters.
  const app = Fastify({ logger: false, forceCloseConnections: true })
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    const status = error.statusCode ?? 500
    const title = status < 500 ? error.message : 'The collector failed on this request.'
    reply.code(status).type('application/problem+json').send({ type: 'about:blank', title, status })
  })
  app.setNotFoundHandler((_request, reply) => {
    const title = 'There is no such page.'
    reply.code(404).type('application/problem+json').send({ type: 'about:blank', title, status: 404 })
  })
  app.get('/health/live', () => ({ status: 'ok' }))
  app.get('/health/ready', () => ({ status: 'ok', store: store.state, spans: store.spanCount }))
  await app.register(otlpRoutes, { store })
  await app.register(readRoutes, { store })
  await app.register(faultRoutes, { store })
  await app.register(pageRoutes, { store })
  return app
}
