import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'

/** OpenAPI from the routes' own schemas: a page at `/docs`, the document at `/docs/json`. Before the routes. */
export async function serveDocumentation(app: FastifyInstance, name: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: `Chaos Kitchen: ${name}`, version: '1', description: 'Errors are RFC 9457 problem documents.' },
    },
  })
  await app.register(swaggerUi, { routePrefix: '/docs' })
}
