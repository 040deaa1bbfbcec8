import { mustBePlaced } from '../batteries/planned-order.ts'
import type { OrderOutcome } from './evidence.ts'
import type { Finding, Invariant } from './invariant.ts'
import { settledWhen } from './so-far.ts'
import { capitalize, orderList } from './words.ts'

/** Each order that can be cooked got a success while the client kept asking. */
export const everyOrderPlaced: Invariant = {
  name: 'every order placed',
  check: ({ orders }) => findMissing(orders, orders.filter(({ planned }) => mustBePlaced(planned)).length),
  early({ orders, planned }) {
    const finding = findMissing(orders, planned.filter(mustBePlaced).length)
    return settledWhen(!finding.passed || finding.measured === finding.limit, finding)
  },
}

function findMissing(all: readonly OrderOutcome[], limit: number): Finding {
  const orders = all.filter(({ planned }) => mustBePlaced(planned))
  const missing = orders.filter(({ reply }) => reply === undefined)
  const placed = orders.length - missing.length
  return {
    passed: missing.length === 0,
    measured: placed,
    limit,
    unit: 'orders',
    shown: `${placed} of ${limit}`,
    final: true,
    ...(missing[0] && {
      order: missing[0].planned.number,
      exercise: '03',
      why: `${capitalize(orderList(missing.map(({ planned }) => planned.number)))} got no success before the client gave up: ${missing[0].gaveUp}. The guest went home hungry.`,
    }),
  }
}
