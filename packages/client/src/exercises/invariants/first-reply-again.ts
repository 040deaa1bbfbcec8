import type { Evidence, Invariant, OrderOutcome } from '../../invariants/index.ts'

/** Everyone who asks under one key, for the same meal, gets the reply of the first. */
export const firstReplyAgain: Invariant = {
  name: 'the same key gets the first reply',
  check({ orders }) {
    const groups = byKey(orders)
    const torn = groups.filter((group) => new Set(group.map(({ reply }) => reply?.orderId)).size > 1)
    const same = groups.length - torn.length
    const first = torn[0]?.[0]
    const ids = new Set(torn[0]?.map(({ reply }) => reply?.orderId)).size
    return {
      ...{ passed: torn.length === 0, measured: same, limit: groups.length, unit: 'keys', final: true },
      shown: `${same} of ${groups.length}`,
      ...(first && {
        order: first.planned.number,
        exercise: '06',
        why: `One key was answered with ${ids} different orders. A replay has to give back what the first attempt was told.`,
      }),
    }
  },
}

function byKey(orders: Evidence['orders']): OrderOutcome[][] {
  const groups = new Map<string, OrderOutcome[]>()
  for (const order of orders.filter(({ planned: { expect = 'placed' } }) => expect === 'placed')) {
    const group = groups.get(order.idempotencyKey) ?? []
    group.push(order)
    groups.set(order.idempotencyKey, group)
  }
  return [...groups.values()]
}
