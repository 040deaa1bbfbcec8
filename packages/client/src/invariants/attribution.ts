import type { OrderOutcome, StoredOrder } from './evidence.ts'

/**
 * Which order of the battery each stored order stands for: by the id that the client was told, then by the idempotency
 * key where the service keeps it, then by customer and items. What fits none stands for the customer's first order.
 */
export function attribute(orders: readonly OrderOutcome[], stored: readonly StoredOrder[]): Map<number, StoredOrder[]> {
  const byOrder = new Map<number, StoredOrder[]>(orders.map(({ planned }) => [planned.number, []]))
  for (const order of stored) {
    const owner =
      orders.find(({ reply }) => reply?.orderId === order.orderId) ??
      orders.find(({ idempotencyKey }) => idempotencyKey === order.idempotencyKey) ??
      orders.find(({ planned, customerId }) => customerId === order.customerId && sameItems(planned, order)) ??
      orders.find(({ customerId }) => customerId === order.customerId)
    if (owner !== undefined) byOrder.get(owner.planned.number)?.push(order)
  }
  return byOrder
}

type WithItems = { readonly items: readonly { readonly id: string; readonly quantity: number }[] }

function sameItems(a: WithItems, b: WithItems): boolean {
  return fingerprint(a) === fingerprint(b)
}

function fingerprint({ items }: WithItems): string {
  return items
    .map(({ id, quantity }) => `${id}×${quantity}`)
    .sort()
    .join()
}
