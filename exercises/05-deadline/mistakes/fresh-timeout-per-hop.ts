import { randomUUID } from 'node:crypto'
import type { CallOptions, OrderItem } from '@chaos-kitchen/order-service'
import {
  DownstreamError,
  defineOrderService,
  fromCents,
  totalInCents,
  UnknownItemError,
} from '@chaos-kitchen/order-service'
import { exponential, isTransient, pipeline, retry, timeout } from '@chaos-kitchen/resilience'

/** Every hop starts with a full two seconds of its own. */
export default defineOrderService(({ menu, loyalty, orders }) => {
  const again = () =>
    retry({
      maxAttempts: 12,
      maxElapsed: 6_000,
      backoff: exponential({ initial: 100, max: 3_000 }),
      handleError: isTransient,
    })
  const menuCalls = pipeline('menu', [again(), timeout(2_000)])
  const loyaltyCalls = pipeline('loyalty', [again(), timeout(2_000)])

  async function priced({ id, quantity }: Omit<OrderItem, 'priceInCents'>, guest: CallOptions): Promise<OrderItem> {
    try {
      const { priceInCents } = await menuCalls.execute((call) => menu.item(id, call), guest)
      return { id, quantity, priceInCents }
    } catch (error) {
      if (error instanceof DownstreamError && error.status === 404) throw new UnknownItemError(id, { cause: error })
      throw error
    }
  }

  return {
    async placeOrder({ customerId, items: requested }, { idempotencyKey, signal }) {
      const guest = { signal }
      const [items, discountPercentage] = await Promise.all([
        Promise.all(requested.map((item) => priced(item, guest))),
        loyaltyCalls.execute((call) => loyalty.discount(customerId, call), guest),
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
        await loyaltyCalls.execute((call) => loyalty.recordOrder(customerId, orderId, call), guest)
      } catch {
        // It will do without this one.
      }
      return { orderId, amount: fromCents(amountInCents), discountPercentage }
    },
  }
})
