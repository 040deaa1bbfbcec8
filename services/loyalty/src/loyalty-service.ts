import { DEADLINE_HEADER } from '@chaos-kitchen/resilience'
import { HttpProblem, ProblemDocument, type ServiceDefinition, type ServiceEnvironment } from '@chaos-kitchen/service'
import { Type } from 'typebox'
import { migrations } from './schema.ts'

const PERCENT_PER_ORDER = 1
const HIGHEST_PERCENTAGE = 10

const Uuid = Type.String({ format: 'uuid' })
const CustomerParams = Type.Object({ customerId: Uuid })

/** Rewards customers: one percent for each of their orders, ten at most. */
export const loyaltyService: ServiceDefinition<ServiceEnvironment> = {
  migrations,
  deadlineHeader: DEADLINE_HEADER,
  tables: ['orders'],
  routes({ app, database }) {
    app.get(
      '/customers/:customerId/discount',
      {
        schema: {
          tags: ['loyalty'],
          params: CustomerParams,
          response: { 200: Type.Object({ customerId: Uuid, discountPercentage: Type.Integer() }) },
        },
      },
      async (request) => {
        const { customerId } = request.params
        const [row] = await database.query<{ count: number }>(
          'SELECT count(*)::int AS count FROM orders WHERE customer_id = $1',
          [customerId],
        )
        const orders = row?.count ?? 0
        return { customerId, discountPercentage: Math.min(orders * PERCENT_PER_ORDER, HIGHEST_PERCENTAGE) }
      },
    )

    app.put(
      '/customers/:customerId/orders/:orderId',
      {
        schema: {
          tags: ['loyalty'],
          description: 'Idempotent by order id: however often it is told, an order counts once.',
          params: Type.Object({ customerId: Uuid, orderId: Uuid }),
          response: { 204: Type.Null(), 409: ProblemDocument },
        },
      },
      async (request, reply) => {
        const { customerId, orderId } = request.params
        const recorded = await database.query(
          `INSERT INTO orders (order_id, customer_id) VALUES ($1, $2)
           ON CONFLICT (order_id) DO UPDATE SET recordings = orders.recordings + 1
           WHERE orders.customer_id = excluded.customer_id
           RETURNING order_id`,
          [orderId, customerId],
        )
        if (recorded.length === 0)
          throw new HttpProblem(409, { detail: `Order ${orderId} was recorded for another customer.` })
        return reply.code(204).send(null)
      },
    )

    app.get(
      '/customers/:customerId/orders',
      {
        schema: {
          tags: ['loyalty'],
          params: CustomerParams,
          response: {
            200: Type.Object({
              customerId: Uuid,
              orders: Type.Array(
                Type.Object({
                  orderId: Uuid,
                  recordings: Type.Integer({ description: 'How often loyalty was told of it' }),
                }),
              ),
            }),
          },
        },
      },
      async (request) => {
        const { customerId } = request.params
        const rows = await database.query<{ order_id: string; recordings: number }>(
          'SELECT order_id, recordings FROM orders WHERE customer_id = $1 ORDER BY first_recorded_at, order_id',
          [customerId],
        )
        return { customerId, orders: rows.map((row) => ({ orderId: row.order_id, recordings: row.recordings })) }
      },
    )
  },
}
