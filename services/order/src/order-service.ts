import { join } from 'node:path'
import { DEADLINE_HEADER } from '@chaos-kitchen/resilience'
import { type ServiceDefinition, ServiceEnvironment } from '@chaos-kitchen/service'
import { type Static, Type } from 'typebox'
import { createConnections, HttpClient } from './clients/http-client.ts'
import { createLoyaltyClient } from './clients/loyalty-client.ts'
import { createMenuClient } from './clients/menu-client.ts'
import type { OrderService, OrderServiceFactory } from './define-order-service.ts'
import { servePlaceOrder } from './http/place-order-route.ts'
import { problemOf } from './http/problems.ts'
import { serveReadOrders } from './http/read-order-routes.ts'
import { createImplementation, loadImplementation } from './implementation/load-implementation.ts'
import { keepRelayRunning } from './keep-relay-running.ts'
import { NotificationTraces } from './store/notification-traces.ts'
import { PgOrderStore } from './store/pg-order-store.ts'
import { migrations, tables } from './store/schema.ts'

export const OrderEnvironment = Type.Object({
  ...ServiceEnvironment.properties,
  MENU_URL: Type.String({ pattern: '^https?://' }),
  LOYALTY_URL: Type.String({ pattern: '^https?://' }),
  /** The file with `export default defineOrderService(…)`; the starting service by default. */
  ORDER_IMPLEMENTATION: Type.String({ minLength: 1, default: join(import.meta.dirname, 'place-order.ts') }),
})
export type OrderEnvironment = Static<typeof OrderEnvironment>

/** Takes orders, by the implementation that the environment names. */
export async function orderService(environment: OrderEnvironment): Promise<ServiceDefinition<OrderEnvironment>> {
  return orderServiceBy(await loadImplementation(environment.ORDER_IMPLEMENTATION), environment)
}

export function orderServiceBy(
  factory: OrderServiceFactory,
  environment: OrderEnvironment,
): ServiceDefinition<OrderEnvironment> {
  return {
    migrations,
    tables,
    problemOf,
    deadlineHeader: DEADLINE_HEADER,
    routes({ app, database, log, inBackground, onReset }) {
      const connections = createConnections()
      app.addHook('onClose', () => connections.destroy())
      const traces = new NotificationTraces()
      const orders = new PgOrderStore(database, traces)
      const menu = createMenuClient(new HttpClient('menu', environment.MENU_URL, connections))
      const toLoyalty = new HttpClient('loyalty', environment.LOYALTY_URL, connections)
      const loyalty = createLoyaltyClient(toLoyalty, (orderId) => traces.of(orderId))
      const start = () => createImplementation(factory, { menu, loyalty, orders }, environment.ORDER_IMPLEMENTATION)

      let service: OrderService = start()
      let renewed = new AbortController()
      // Breakers and the like remember what happened: after a reset the implementation starts anew.
      onReset(() => {
        service = start()
        renewed.abort()
      })
      const waitForNews = orders.waitForNotifications.bind(orders)
      inBackground(async (stopping) => {
        while (!stopping.aborted) {
          renewed = new AbortController()
          const { relay } = service
          const ended = AbortSignal.any([stopping, renewed.signal])
          if (relay) await keepRelayRunning((context) => relay.call(service, context), { waitForNews, log }, ended)
          else await aborted(ended)
        }
      })
      servePlaceOrder(app, () => service)
      serveReadOrders(app, database)
    },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal.aborted) resolve()
  else signal.addEventListener('abort', () => resolve(), { once: true })
  return promise
}
