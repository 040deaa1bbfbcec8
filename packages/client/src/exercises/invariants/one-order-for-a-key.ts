import type { Invariant } from '../../invariants/index.ts'

/** However often, from wherever and with whatever body a key came: at most one order is in the book. */
export const oneOrderForAKey: Invariant = {
  name: 'one order per key',
  check({ orders, stored }) {
    const keys = new Set(orders.map(({ idempotencyKey }) => idempotencyKey))
    const extra = stored.length - keys.size
    return {
      ...{ passed: extra <= 0, measured: stored.length, limit: keys.size, unit: 'orders', final: true },
      shown: `${stored.length} orders`,
      shownLimit: `limit ${keys.size}`,
      ...(extra > 0 && {
        order: 1,
        exercise: '06',
        why: `${keys.size} keys became ${stored.length} orders. A reply was lost, or two copies came at the same time, and nothing in the database said that this order is there already.`,
      }),
    }
  },
}
