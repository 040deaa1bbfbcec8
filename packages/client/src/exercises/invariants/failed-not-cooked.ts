import { attribute } from '../../invariants/attribution.ts'
import type { Invariant } from '../../invariants/index.ts'
import { capitalize, orderList } from '../../invariants/words.ts'

/** Whoever was told that the order failed, or was told nothing, is not in the order book. */
export const failedNotCooked: Invariant = {
  name: 'what failed was not cooked',
  check({ orders, stored }) {
    const byOrder = attribute(orders, stored)
    const failed = orders.filter(({ planned: { expect = 'placed' } }) => expect === 'refused' || expect === 'failed')
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
  },
}
