import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Database } from '../database/database.ts'
import { poolNumbers } from '../database/pool.ts'

const Readiness = Type.Object({
  status: Type.Enum(['ready', 'starting', 'unavailable', 'stopping']),
  detail: Type.Optional(Type.String()),
  pool: Type.Object({ total: Type.Integer(), idle: Type.Integer(), waiting: Type.Integer(), max: Type.Integer() }),
})
export type Readiness = Static<typeof Readiness>

/** A readiness check that hangs is no answer. */
const PROBE_TIMEOUT = 1_000

/**
 * `/health/live`: the process answers. `/health/ready`: it can work, proven by a statement on its database.
 * @param notReady why the service can't take requests, whatever its database says; undefined once it can
 */
export function serveHealth(
  app: FastifyInstance,
  database: Database,
  notReady: () => Pick<Readiness, 'status' | 'detail'> | undefined,
): void {
  app.get(
    '/health/live',
    { schema: { tags: ['health'], response: { 200: Type.Object({ status: Type.Literal('live') }) } } },
    () => ({ status: 'live' }),
  )
  app.get(
    '/health/ready',
    { schema: { tags: ['health'], response: { 200: Readiness, 503: Readiness } } },
    async (_request, reply) => {
      const state = notReady() ?? (await probe(database))
      const body: Readiness = { ...state, pool: poolNumbers(database.pool) }
      return reply.code(state.status === 'ready' ? 200 : 503).send(body)
    },
  )
}

async function probe(database: Database): Promise<Pick<Readiness, 'status' | 'detail'>> {
  try {
    await database.query('SELECT 1', [], { signal: AbortSignal.timeout(PROBE_TIMEOUT) })
    return { status: 'ready' }
  } catch (error) {
    return { status: 'unavailable', detail: error instanceof Error ? error.message : String(error) }
  }
}
