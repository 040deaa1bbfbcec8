import { attribute } from './attribution.ts'
import type { OrderOutcome, StoredOrder } from './evidence.ts'
import type { Finding, Invariant } from './invariant.ts'
import { notYet, settledWhen, startedOrders } from './so-far.ts'

/** An order and its items are saved together or not at all. */
export const noOrderWithoutItems: Invariant = {
  name: 'no order without items',
  check: ({ orders, stored }) => findEmpty(orders, stored),
  /** Open until the end: the items of an order that has none may come yet, if late. */
  early(soFar) {
    return soFar.bookReadAt < 0 ? notYet() : settledWhen(false, findEmpty(startedOrders(soFar), soFar.stored))
  },
  reads: ['book'],
}

function findEmpty(orders: readonly OrderOutcome[], stored: readonly StoredOrder[]): Finding {
  const empty = stored.filter(({ items }) => items.length === 0)
  const owner = [...attribute(orders, empty)].find(([, copies]) => copies.length > 0)?.[0]
  return {
    passed: empty.length === 0,
    measured: empty.length,
    limit: 0,
    unit: 'orders',
    shown: String(empty.length),
    shownLimit: 'limit 0',
    final: true,
    ...(empty.length > 0 && {
      ...(owner !== undefined && { order: owner }),
      exercise: '06',
      why: `${empty.length === 1 ? 'An order was' : `${empty.length} orders were`} saved without items: the database went away between the two writes. One transaction saves both or neither.`,
    }),
  }
}
