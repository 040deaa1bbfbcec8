import { mustBePlaced } from '../../batteries/planned-order.ts'
import type { Finding, Invariant, OrderOutcome } from '../../invariants/index.ts'
import { allEnded, notYet, settledWhen } from '../../invariants/so-far.ts'

/** Everyone who asks under one key, for the same meal, gets the reply of the first. */
export const firstReplyAgain: Invariant = {
  name: 'the same key gets the first reply',
  check: ({ orders }) => findTorn(byKey(orders), byKey(orders).length),
  early(soFar) {
    const groups = byKey(soFar.orders)
    const keys = new Set(soFar.planned.filter(mustBePlaced).map(({ number, keyOf = number }) => keyOf)).size
    const finding = findTorn(groups, keys)
    return groups.length === 0 ? notYet() : settledWhen(!finding.passed || allEnded(soFar, mustBePlaced), finding)
  },
}

function findTorn(groups: readonly OrderOutcome[][], limit: number): Finding {
  const torn = groups.filter((group) => new Set(group.map(({ reply }) => reply?.orderId)).size > 1)
  const same = groups.length - torn.length
  const first = torn[0]?.[0]
  const ids = new Set(torn[0]?.map(({ reply }) => reply?.orderId)).size
  return {
    ...{ passed: torn.length === 0, measured: same, limit, unit: 'keys', final: true },
    shown: `${same} of ${limit}`,
    ...(first && {
      order: first.planned.number,
      exercise: '06',
      why: `One key was answered with ${ids} different orders. A replay has to give back what the first attempt was told.`,
    }),
  }
}

function byKey(orders: readonly OrderOutcome[]): OrderOutcome[][] {
  const groups = new Map<string, OrderOutcome[]>()
  for (const order of orders.filter(({ planned }) => mustBePlaced(planned))) {
    const group = groups.get(order.idempotencyKey) ?? []
    group.push(order)
    groups.set(order.idempotencyKey, group)
  }
  return [...groups.values()]
}
