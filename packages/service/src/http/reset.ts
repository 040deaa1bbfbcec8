import { Type } from 'typebox'
import type { Database } from '../database/database.ts'
import type { ServiceApp } from './app.ts'

const TIMEOUT = 5_000

/** `POST /test/reset`, for the kitchen alone: as if no guest had ever been here. */
export function serveReset(app: ServiceApp, database: Database, tables: string[], forget: () => void): void {
  app.post('/test/reset', { schema: { tags: ['test'], response: { 204: Type.Null() } } }, async (_request, reply) => {
    if (tables.length > 0)
      await database.query(`TRUNCATE ${tables.join(', ')}`, [], { signal: AbortSignal.timeout(TIMEOUT) })
    forget()
    return reply.code(204).send(null)
  })
}
