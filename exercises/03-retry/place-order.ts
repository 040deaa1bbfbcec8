import { randomUUID } from 'node:crypto'
import type { OrderItem } from '@chaos-kitchen/order-service'
import {
  DownstreamError,
  defineOrderService,
  fromCents,
  totalInCents,
  UnknownItemError,
} from '@chaos-kitchen/order-service'
import { pipeline, timeout } from '@chaos-kitchen/resilience'

/** Bounded, and gives up at the first failure. */
export default defineOrderService(({ menu, loyalty, orders }) => {
  // TODO: which failures are worth another attempt, how many, and until when?
  const menuCalls = pipeline('menu', [timeout(500)])
  const loyaltyCalls = pipeline('loyalty', [timeout(500)])

  async function priced({ id, quantity }: Omit<OrderItem, 'priceInCents'>): Promise<OrderItem> {
    try {
      const { priceInCents } = await menuCalls.execute(({ signal }) => menu.item(id, { signal }))
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
        loyaltyCalls.execute(({ signal }) => loyalty.discount(customerId, { signal })),
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
        await loyaltyCalls.execute(({ signal }) => loyalty.recordOrder(customerId, orderId, { signal }))
      } catch {
        // It will do without this one.
      }
      return { orderId, amount: fromCents(amountInCents), discountPercentage }
    },
  }
})
