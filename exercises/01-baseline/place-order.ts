import { randomUUID } from 'node:crypto'
import type { OrderItem } from '@chaos-kitchen/order-service'
import { defineOrderService, fromCents, totalInCents } from '@chaos-kitchen/order-service'

/** The starting service: fine as long as nothing fails. */
export default defineOrderService(({ menu, loyalty, orders }) => ({
  async placeOrder(request, { idempotencyKey }) {
    // TODO: what of this needs the answer of the step before?
    const items: OrderItem[] = []
    for (const { id, quantity } of request.items) {
      // TODO: whose mistake is an item that the menu does not have?
      const { priceInCents } = await menu.item(id)
      items.push({ id, quantity, priceInCents })
    }

    const discountPercentage = await loyalty.discount(request.customerId)
    const amountInCents = totalInCents(items, discountPercentage)

    const orderId = randomUUID()
    await orders.insertOrder({
      orderId,
      customerId: request.customerId,
      amountInCents,
      discountPercentage,
      ...(idempotencyKey && { idempotencyKey }),
    })
    await orders.insertItems(orderId, items)

    try {
      await loyalty.recordOrder(request.customerId, orderId)
    } catch {
      // It will do without this one.
    }
    return { orderId, amount: fromCents(amountInCents), discountPercentage }
  },
}))
