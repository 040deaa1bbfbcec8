import type { FastifyInstance } from 'fastify'
import type { Store } from './store/store.ts'

/** Pages for people: one trace, and the list of the latest. */
export async function pageRoutes(app: FastifyInstance, { store }: { store: Store }): Promise<void> {
  app.get('/', () => store.traces({ limit: 50, slowest: false, since: 0 }))
}
