import { mustBeRefused } from '../../batteries/planned-order.ts'
import { attribute } from '../../invariants/attribution.ts'
import type { Finding, Invariant, OrderOutcome, StoredOrder } from '../../invariants/index.ts'
import { notYet, settledWhen, startedOrders } from '../../invariants/so-far.ts'
import { capitalize, orderList } from '../../invariants/words.ts'

/** Whoever was told that the order failed, or was told nothing, is not in the order book. */
export const failedNotCooked: Invariant = {
  name: 'what failed was not cooked',
  check: ({ orders, stored }) => findCooked(orders, stored),
  /** Passes at the end alone: work that goes on behind the guest may save late. */
  early(soFar) {
    if (soFar.bookReadAt < 0) return notYet({ shownLimit: 'limit 0' })
    const finding = findCooked(startedOrders(soFar), soFar.stored)
    return settledWhen(!finding.passed, finding)
  },
  reads: ['book'],
}

function findCooked(orders: readonly OrderOutcome[], stored: readonly StoredOrder[]): Finding {
  const byOrder = attribute(orders, stored)
  const failed = orders.filter(({ planned }) => mustBeRefused(planned))
  const cooked = failed.filter(({ planned }) => (byOrder.get(planned.number)?.length ?? 0) > 0)
  return {
    passed: cooked.length === 0,
    measured: cooked.length,
    limit: 0,
    unit: 'orders',
    shown: cooked.length === 0 ? '0' : `${cooked.length} of ${failed.length} cooked`,
    shownLimit: 'limit 0',
    final: true,
    ...(cooked[0] && {
      order: cooked[0].planned.number,
      exercise: '02',
      why: `${capitalize(orderList(cooked.map(({ planned }) => planned.number)))} failed for the guest and was saved all the same: the work went on after the answer, and nobody will eat it.`,
    }),
  }
}
