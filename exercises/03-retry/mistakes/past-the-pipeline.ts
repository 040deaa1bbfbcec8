import { randomUUID } from 'node:crypto'
import type { OrderItem } from '@chaos-kitchen/order-service'
import {
  DownstreamError,
  defineOrderService,
  fromCents,
  totalInCents,
  UnknownItemError,
} from '@chaos-kitchen/order-service'
import { constant, isTransient, pipeline, retry, timeout } from '@chaos-kitchen/resilience'

/** The guest's signal goes past the pipeline: whoever leaves ends the call, and the bound ends only the waiting. */
export default defineOrderService(({ menu, loyalty, orders }) => {
  const again = () => retry({ maxAttempts: 3, backoff: constant(50), handleError: isTransient })
  const menuCalls = pipeline('menu', [again(), timeout(500)])
  const loyaltyCalls = pipeline('loyalty', [again(), timeout(500)])

  async function priced({ id, quantity }: Omit<OrderItem, 'priceInCents'>, guest: AbortSignal): Promise<OrderItem> {
    try {
      const { priceInCents } = await menuCalls.execute(() => menu.item(id, { signal: guest }), { signal: guest })
      return { id, quantity, priceInCents }
    } catch (error) {
      if (error instanceof DownstreamError && error.status === 404) throw new UnknownItemError(id, { cause: error })
      throw error
    }
  }

  return {
    async placeOrder({ customerId, items: requested }, { idempotencyKey, signal: guest }) {
      const [items, discountPercentage] = await Promise.all([
        Promise.all(requested.map((item) => priced(item, guest))),
        loyaltyCalls.execute(() => loyalty.discount(customerId, { signal: guest }), { signal: guest }),
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
        await loyaltyCalls.execute(() => loyalty.recordOrder(customerId, orderId, { signal: guest }), { signal: guest })
      } catch {
        // It will do without this one.
      }
      return { orderId, amount: fromCents(amountInCents), discountPercentage }
    },
  }
})
