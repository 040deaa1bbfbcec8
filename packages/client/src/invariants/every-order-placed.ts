import type { OrderOutcome } from './evidence.ts'
import type { Finding, Invariant } from './invariant.ts'
import { capitalize, orderList } from './words.ts'

/** Each order that can be cooked got a success while the client kept asking. */
export const everyOrderPlaced: Invariant = {
  name: 'every order placed',
  check: ({ orders }) => findMissing(orders),
  early({ orders }) {
    const finding = findMissing(orders)
    return finding.passed ? undefined : finding
  },
}

function findMissing(all: readonly OrderOutcome[]): Finding {
  const orders = all.filter(({ planned: { expect = 'placed' } }) => expect === 'placed')
  const missing = orders.filter(({ reply }) => reply === undefined)
  const placed = orders.length - missing.length
  return {
    passed: missing.length === 0,
    measured: placed,
    limit: orders.length,
    unit: 'orders',
    shown: `${placed} of ${orders.length}`,
    final: true,
    ...(missing[0] && {
      order: missing[0].planned.number,
      exercise: '03',
      why: `${capitalize(orderList(missing.map(({ planned }) => planned.number)))} got no success before the client gave up: ${missing[0].gaveUp}. The guest went home hungry.`,
    }),
  }
}
