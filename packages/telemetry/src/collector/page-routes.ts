import type { FastifyInstance } from 'fastify'
import Type, { type Static } from 'typebox'
import { CONTENT_SECURITY_POLICY } from '../page/collector-page.ts'
import { listPage, missingPage } from '../page/list-page.ts'
import { tracePage } from '../page/trace-page.ts'
import { Flag, isOn } from './read-routes.ts'
import type { Store } from './store/store.ts'

const TraceParams = Type.Object({ id: Type.String({ pattern: '^[0-9a-fA-F]{32}$' }) })
const ListQuery = Type.Object({ slowest: Flag })
const LISTED = 100

/** Pages for people: one trace, and the list of the latest. */
export async function pageRoutes(app: FastifyInstance, { store }: { store: Store }): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => {
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', CONTENT_SECURITY_POLICY)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-store')
  })
  app.get<{ Querystring: Static<typeof ListQuery> }>(
    '/',
    { schema: { querystring: ListQuery } },
    ({ query }, reply) => {
      const slowest = isOn(query.slowest)
      return reply.send(listPage(store.traces({ limit: LISTED, slowest, since: 0 }), slowest))
    },
  )
  app.get<{ Params: Static<typeof TraceParams> }>(
    '/trace/:id',
    { schema: { params: TraceParams } },
    ({ params }, reply) => {
      const id = params.id.toLowerCase()
      const trace = store.trace(id)
      if (trace) return reply.send(tracePage(trace, store.logs(id)))
      return reply.code(404).send(missingPage(id))
    },
  )
}
