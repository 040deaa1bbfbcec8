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

/** Three attempts in a tenth of a second. */
export default defineOrderService(({ menu, loyalty, orders }) => {
  // TODO: what outlasts an outage of 2.7 s, without a crowd at its end?
  const again = () => retry({ maxAttempts: 3, backoff: constant(50), handleError: isTransient })
  const menuCalls = pipeline('menu', [again(), timeout(500)])
  const loyaltyCalls = pipeline('loyalty', [again(), timeout(500)])

  async function priced({ id, quantity }: Omit<OrderItem, 'priceInCents'>, guest: AbortSignal): Promise<OrderItem> {
    try {
      const { priceInCents } = await menuCalls.execute(({ signal }) => menu.item(id, { signal }), { signal: guest })
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
        loyaltyCalls.execute(({ signal }) => loyalty.discount(customerId, { signal }), { signal: guest }),
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
        await loyaltyCalls.execute(({ signal }) => loyalty.recordOrder(customerId, orderId, { signal }), {
          signal: guest,
        })
      } catch {
        // It will do without this one.
      }
      return { orderId, amount: fromCents(amountInCents), discountPercentage }
    },
  }
})
