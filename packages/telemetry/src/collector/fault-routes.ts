import type { FastifyInstance } from 'fastify'
import Type, { type Static } from 'typebox'
import type { Store } from './store/store.ts'

const Text = Type.String({ minLength: 1, maxLength: 200 })
const Time = Type.Number({ minimum: 0 })
const FaultParams = Type.Object({ id: Text })
const FaultBody = Type.Object({
  id: Text,
  kind: Text,
  target: Text,
  from: Time,
  to: Type.Optional(Time),
  label: Text,
})
const FaultChange = Type.Partial(Type.Omit(FaultBody, ['id']))
const FaultQuery = Type.Object({
  from: Type.Number({ default: 0 }),
  to: Type.Number({ default: Number.MAX_SAFE_INTEGER }),
})

/** Faults as whoever makes them reports them, so that they can be drawn over the traces of that moment. */
export async function faultRoutes(app: FastifyInstance, { store }: { store: Store }): Promise<void> {
  app.get<{ Querystring: Static<typeof FaultQuery> }>(
    '/faults',
    { schema: { querystring: FaultQuery } },
    ({ query }) => ({ faults: store.faults(query.from, query.to) }),
  )
  // Again with the same ID replaces it, so a report may be repeated.
  app.post<{ Body: Static<typeof FaultBody> }>('/faults', { schema: { body: FaultBody } }, ({ body }, reply) => {
    store.putFault(body)
    return reply.code(201).send(body)
  })
  app.patch<{ Params: Static<typeof FaultParams>; Body: Static<typeof FaultChange> }>(
    '/faults/:id',
    { schema: { params: FaultParams, body: FaultChange } },
    ({ params, body }, reply) => {
      const known = store.fault(params.id)
      if (!known) {
        const title = `There is no fault ${params.id}.`
        return reply.code(404).type('application/problem+json').send({ type: 'about:blank', title, status: 404 })
      }
      const changed = { ...known, ...body }
      store.putFault(changed)
      return reply.send(changed)
    },
  )
}
