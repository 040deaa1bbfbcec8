import { type Database, HttpProblem, ProblemDocument, type ServiceApp } from '@chaos-kitchen/service'
import { OrderReader } from '../store/order-reader.ts'
import { Order, OrderParams, Orders, OrdersQuery } from './schemas.ts'

/** Straight from the database: what implementations do is checked here, so they have no part in it. */
export function serveReadOrders(app: ServiceApp, database: Database): void {
  const reader = new OrderReader(database)

  app.get(
    '/orders',
    {
      schema: {
        tags: ['orders'],
        description: 'The orders of a customer, oldest first, at most 1000.',
        querystring: OrdersQuery,
        response: { 200: Orders },
      },
    },
    async (request) => ({ orders: await reader.ordersOf(request.query.customerId) }),
  )

  app.get(
    '/orders/:id',
    { schema: { tags: ['orders'], params: OrderParams, response: { 200: Order, 404: ProblemDocument } } },
    async (request) => {
      const order = await reader.order(request.params.id)
      if (!order) throw new HttpProblem(404, { detail: `There is no order ${request.params.id}.` })
      return order
    },
  )
}
