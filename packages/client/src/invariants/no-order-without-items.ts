import { attribute } from './attribution.ts'
import type { Invariant } from './invariant.ts'

/** An order and its items are saved together or not at all. */
export const noOrderWithoutItems: Invariant = {
  name: 'no order without items',
  check({ orders, stored }) {
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
  },
}
