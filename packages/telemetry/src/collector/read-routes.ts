import type { FastifyInstance } from 'fastify'
import Type, { type Static } from 'typebox'
import type { Store } from './store/store.ts'

const TraceParams = Type.Object({ id: Type.String({ pattern: '^[0-9a-fA-F]{32}$' }) })

/** `?slowest=1` and `?slowest=true`. */
export const Flag = Type.Union([Type.Literal('1'), Type.Literal('true'), Type.Literal('0'), Type.Literal('false')], {
  default: 'false',
})

export function isOn(flag: Static<typeof Flag>): boolean {
  return flag === '1' || flag === 'true'
}

const ListQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 50 }),
  slowest: Flag,
  since: Type.Number({ minimum: 0, default: 0 }),
})

/** What was stored, as JSON. IDs are hex, times milliseconds since the epoch, durations milliseconds. */
export async function readRoutes(app: FastifyInstance, { store }: { store: Store }): Promise<void> {
  app.get<{ Querystring: Static<typeof ListQuery> }>(
    '/api/traces',
    { schema: { querystring: ListQuery } },
    ({ query }) => ({ traces: store.traces({ ...query, slowest: isOn(query.slowest) }) }),
  )
  app.get<{ Params: Static<typeof TraceParams> }>(
    '/api/traces/:id',
    { schema: { params: TraceParams } },
    ({ params }, reply) => {
      const trace = store.trace(params.id.toLowerCase())
      if (trace) return reply.send(trace)
      return reply.code(404).type('application/problem+json').send({
        type: 'about:blank',
        title: 'No span of this trace has arrived.',
        status: 404,
        detail: 'Spans come within a second; older traces make room for newer ones.',
      })
    },
  )
  app.get<{ Params: Static<typeof TraceParams> }>(
    '/api/traces/:id/logs',
    { schema: { params: TraceParams } },
    ({ params }) => ({ logs: store.logs(params.id.toLowerCase()) }),
  )
  app.get('/api/metrics', () => ({ metrics: store.metrics() }))
}
