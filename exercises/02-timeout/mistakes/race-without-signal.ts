import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OrderItem } from '@chaos-kitchen/order-service'
import {
  DownstreamError,
  defineOrderService,
  fromCents,
  HttpProblem,
  totalInCents,
  UnknownItemError,
} from '@chaos-kitchen/order-service'

/** Stops waiting after half a second; nobody tells the callee. */
export default defineOrderService(({ menu, loyalty, orders }) => {
  async function priced({ id, quantity }: Omit<OrderItem, 'priceInCents'>): Promise<OrderItem> {
    try {
      const { priceInCents } = await within(500, menu.item(id))
      return { id, quantity, priceInCents }
    } catch (error) {
      if (error instanceof DownstreamError && error.status === 404) throw new UnknownItemError(id, { cause: error })
      throw error
    }
  }

  return {
    async placeOrder({ customerId, items: requested }, { idempotencyKey }) {
      const [items, discountPercentage] = await Promise.all([
        Promise.all(requested.map(priced)),
        within(500, loyalty.discount(customerId)),
      ])
      const amountInCents = totalInCents(items, discountPercentage)

      const orderId = randomUUID()
      await orders.insertOrder({
        orderId,
        customerId,
        amountInCents,
        discountPercentage,
        ...(idempotencyKey && { idempotencyKey }),
      })
      await orders.insertItems(orderId, items)

      try {
        await within(500, loyalty.recordOrder(customerId, orderId))
      } catch {
        // It will do without this one.
      }
      return { orderId, amount: fromCents(amountInCents), discountPercentage }
    },
  }
})

function within<T>(limit: number, work: Promise<T>): Promise<T> {
  const late = sleep(limit, undefined, { ref: false }).then(() => {
    throw new HttpProblem(504, { detail: `Nothing came within ${limit} ms.` })
  })
  return Promise.race([work, late])
}
