import type { Finding, Invariant, OrderOutcome, StoredOrder } from '../../invariants/index.ts'
import { notYet, settledWhen, startedOrders } from '../../invariants/so-far.ts'

/** However often, from wherever and with whatever body a key came: at most one order is in the book. */
export const oneOrderForAKey: Invariant = {
  name: 'one order per key',
  check: ({ orders, stored }) =>
    findExtra(orders, stored, new Set(orders.map(({ idempotencyKey }) => idempotencyKey)).size),
  /** Passes at the end alone: a copy may be saved late. */
  early(soFar) {
    const keys = new Set(soFar.planned.map(({ number, keyOf = number }) => keyOf)).size
    const finding = findExtra(startedOrders(soFar), soFar.stored, keys)
    return soFar.bookReadAt < 0 ? notYet(finding) : settledWhen(!finding.passed, finding)
  },
  reads: ['book'],
}

function findExtra(orders: readonly OrderOutcome[], stored: readonly StoredOrder[], keys: number): Finding {
  const extra = stored.length - keys
  const doubled = extra > 0 ? firstDoubled(orders, stored) : undefined
  return {
    ...{ passed: extra <= 0, measured: stored.length, limit: keys, unit: 'orders', final: true },
    shown: `${stored.length} orders`,
    shownLimit: `limit ${keys}`,
    ...(extra > 0 && {
      ...(doubled && { order: doubled.planned.number }),
      exercise: '06',
      why: `${keys} keys became ${stored.length} orders${doubled ? `; what order ${doubled.planned.number} asked for is there more than once` : ''}. A reply was lost, the service ended, or two copies came at the same time, and nothing in the database said that this order is there already.`,
    }),
  }
}

/** The first whose customer has more orders in the book than keys. */
function firstDoubled(orders: readonly OrderOutcome[], stored: readonly StoredOrder[]): OrderOutcome | undefined {
  return orders.find(({ customerId }) => {
    const keys = orders.filter((order) => order.customerId === customerId).map(({ idempotencyKey }) => idempotencyKey)
    return stored.filter((order) => order.customerId === customerId).length > new Set(keys).size
  })
}
