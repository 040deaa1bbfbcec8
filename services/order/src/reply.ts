import type { NewOrder, OrderReply } from './define-order-service.ts'
import { fromCents } from './money.ts'

/** What a guest is told of an order. A replay says the same, since it is made of what was saved. */
export function toReply({ orderId, amountInCents, discountPercentage, degraded }: NewOrder): OrderReply {
  return { orderId, amount: fromCents(amountInCents), discountPercentage, ...(degraded && { degraded }) }
}
