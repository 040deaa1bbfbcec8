import { randomUUID } from 'node:crypto'
import type { OrderItem } from '@chaos-kitchen/order-service'
import {
  DownstreamError,
  defineOrderService,
  fromCents,
  totalInCents,
  UnknownItemError,
} from '@chaos-kitchen/order-service'

/** One look-up after the other, since a loop with `await` reads so well. */
export default defineOrderService(({ menu, loyalty, orders }) => ({
  async placeOrder({ customerId, items: requested }, { idempotencyKey }) {
    const items: OrderItem[] = []
    for (const { id, quantity } of requested) {
      try {
        const { priceInCents } = await menu.item(id)
        items.push({ id, quantity, priceInCents })
      } catch (error) {
        if (error instanceof DownstreamError && error.status === 404) throw new UnknownItemError(id, { cause: error })
        throw error
      }
    }

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
}))
