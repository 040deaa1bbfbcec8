import { randomUUID } from 'node:crypto'
import type { OrderItem } from '@chaos-kitchen/order-service'
import { defineOrderService, fromCents, totalInCents } from '@chaos-kitchen/order-service'

/** Quick, and whatever the menu says no to comes back as the kitchen's own trouble. */
export default defineOrderService(({ menu, loyalty, orders }) => {
  async function priced({ id, quantity }: Omit<OrderItem, 'priceInCents'>): Promise<OrderItem> {
    const { priceInCents } = await menu.item(id)
    return { id, quantity, priceInCents }
  }

  return {
    async placeOrder({ customerId, items: requested }, { idempotencyKey }) {
      const [items, discountPercentage] = await Promise.all([
        Promise.all(requested.map(priced)),
        loyalty.discount(customerId),
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
        await loyalty.recordOrder(customerId, orderId)
      } catch {
        // It will do without this one.
      }
      return { orderId, amount: fromCents(amountInCents), discountPercentage }
    },
  }
})
