import type { Finding, Invariant } from '../../invariants/index.ts'
import { notYet, settledWhen } from '../../invariants/so-far.ts'

/** However often, from wherever and with whatever body a key came: at most one order is in the book. */
export const oneOrderForAKey: Invariant = {
  name: 'one order per key',
  check: ({ orders, stored }) =>
    findExtra(stored.length, new Set(orders.map(({ idempotencyKey }) => idempotencyKey)).size),
  /** Passes at the end alone: a copy may be saved late. */
  early({ planned, stored, bookReadAt }) {
    const finding = findExtra(stored.length, new Set(planned.map(({ number, keyOf = number }) => keyOf)).size)
    return bookReadAt < 0 ? notYet(finding) : settledWhen(!finding.passed, finding)
  },
  reads: ['book'],
}

function findExtra(stored: number, keys: number): Finding {
  const extra = stored - keys
  return {
    ...{ passed: extra <= 0, measured: stored, limit: keys, unit: 'orders', final: true },
    shown: `${stored} orders`,
    shownLimit: `limit ${keys}`,
    ...(extra > 0 && {
      order: 1,
      exercise: '06',
      why: `${keys} keys became ${stored} orders. A reply was lost, or two copies came at the same time, and nothing in the database said that this order is there already.`,
    }),
  }
}
