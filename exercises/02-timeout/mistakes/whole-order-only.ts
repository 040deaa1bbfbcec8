import { randomUUID } from 'node:crypto'
import type { OrderItem, OrderRequest } from '@chaos-kitchen/order-service'
import {
  DownstreamError,
  defineOrderService,
  fromCents,
  totalInCents,
  UnknownItemError,
} from '@chaos-kitchen/order-service'
import { pipeline, timeout } from '@chaos-kitchen/resilience'

/** One bound around everything: the guest gets an answer, and the work goes on without them. */
export default defineOrderService(({ menu, loyalty, orders }) => {
  const wholeOrder = pipeline('order', [timeout(1_000)])

  async function priced({ id, quantity }: Omit<OrderItem, 'priceInCents'>): Promise<OrderItem> {
    try {
      const { priceInCents } = await menu.item(id)
      return { id, quantity, priceInCents }
    } catch (error) {
      if (error instanceof DownstreamError && error.status === 404) throw new UnknownItemError(id, { cause: error })
      throw error
    }
  }

  async function place({ customerId, items: requested }: OrderRequest, idempotencyKey: string | undefined) {
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
  }

  return {
    placeOrder: (request, { idempotencyKey }) => wholeOrder.execute(() => place(request, idempotencyKey)),
  }
})
