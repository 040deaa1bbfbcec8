import type { EvidenceSoFar, OrderOutcome, OrderReply, StoredOrder } from './evidence.ts'

/** What an order was saved as, by its id; undefined where the book does not hold it. */
export type SavedAs = (orderId: string) => OrderReply | undefined

export function savedIn(stored: readonly StoredOrder[]): SavedAs {
  const book = new Map(stored.map((order) => [order.orderId, order]))
  return (orderId) => book.get(orderId)
}

/** While the run goes on: what was not looked up yet may be as it was told. */
export function savedOrTold({ orders, stored }: Pick<EvidenceSoFar, 'orders' | 'stored'>): SavedAs {
  const saved = savedIn(stored)
  // Of replies under one id, the first.
  const told = new Map(orders.toReversed().flatMap(toldOf))
  return (orderId) => saved(orderId) ?? told.get(orderId)
}

function toldOf({ reply }: OrderOutcome): [string, OrderReply][] {
  return reply === undefined ? [] : [[reply.orderId, reply]]
}
