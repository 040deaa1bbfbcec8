import { attribute } from './attribution.ts'
import type { Invariant } from './invariant.ts'
import { capitalize, inWords, orderList } from './words.ts'

/** However often the client asked with a key, the kitchen cooks once. */
export const oneOrderPerKey: Invariant = {
  name: 'one order per key',
  check({ orders, stored }) {
    const byOrder = attribute(orders, stored)
    const doubled = orders.filter(({ planned }) => (byOrder.get(planned.number)?.length ?? 0) > 1)
    const first = doubled[0]
    const copies = first === undefined ? 0 : (byOrder.get(first.planned.number)?.length ?? 0)
    return {
      passed: doubled.length === 0,
      measured: stored.length,
      limit: orders.length,
      unit: 'orders',
      shown: `${stored.length} order${stored.length === 1 ? '' : 's'}`,
      shownLimit: `limit ${orders.length}`,
      final: true,
      ...(first && {
        order: first.planned.number,
        exercise: '06',
        why: `${capitalize(orderList(doubled.map(({ planned }) => planned.number)))} ${doubled.length === 1 ? 'was' : 'were'} cooked ${doubled.length === 1 ? times(copies) : 'more than once'}: saved, then the reply was lost, and the retry saved again. An idempotency key makes a retry safe.`,
      }),
    }
  },
}

function times(count: number): string {
  return count === 2 ? 'twice' : `${inWords(count)} times`
}
