import { randomUUID } from 'node:crypto'
import type { OrderItem } from '@chaos-kitchen/order-service'
import {
  DownstreamError,
  defineOrderService,
  fromCents,
  totalInCents,
  UnknownItemError,
} from '@chaos-kitchen/order-service'

/** All prices at once, and then, one line further down, the discount: `await` makes an order of what has none. */
export default defineOrderService(({ menu, loyalty, orders }) => {
  async function priced({ id, quantity }: Omit<OrderItem, 'priceInCents'>): Promise<OrderItem> {
    try {
      const { priceInCents } = await menu.item(id)
      return { id, quantity, priceInCents }
    } catch (error) {
      if (error instanceof DownstreamError && error.status === 404) throw new UnknownItemError(id, { cause: error })
      throw error
    }
  }

  return {
    async placeOrder({ customerId, items: requested }, { idempotencyKey }) {
      const items = await Promise.all(requested.map(priced))
      const discountPercentage = await loyalty.discount(customerId)
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
        await loyalty.recordOrder(customerId, orderId)
      } catch {
        // It will do without this one.
      }
      return { orderId, amount: fromCents(amountInCents), discountPercentage }
    },
  }
})
