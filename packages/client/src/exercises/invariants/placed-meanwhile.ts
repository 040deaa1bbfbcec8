import type { Finding, Invariant, OrderOutcome } from '../../invariants/index.ts'
import { notYet, settledWhen } from '../../invariants/so-far.ts'

/** Of the guests who may or may not be served, so many are: turning everybody away is no way to survive a full house. */
export function placedMeanwhile(limit: number): Invariant {
  return {
    name: 'guests are served meanwhile',
    check: ({ orders }) => findPlaced(orders, limit),
    early({ orders, planned }) {
      const finding = findPlaced(orders, limit)
      const crowd = planned.filter(({ expect }) => expect === 'any').length
      const ended = orders.filter((order) => order.planned.expect === 'any').length
      if (ended === 0) return notYet(finding)
      // Enough are served; or too few would be, were all the others.
      return settledWhen(finding.passed || finding.measured + crowd - ended < limit, finding)
    },
  }
}

function findPlaced(orders: readonly OrderOutcome[], limit: number): Finding {
  const crowd = orders.filter(({ planned }) => planned.expect === 'any')
  const unserved = crowd.filter(({ reply }) => reply === undefined)
  const placed = crowd.length - unserved.length
  const passed = placed >= limit
  return {
    ...{ passed, measured: placed, limit, unit: 'orders', final: true },
    shown: `${placed} of ${crowd.length} served`,
    shownLimit: `at least ${limit}`,
    ...(unserved[0] &&
      !passed && {
        order: unserved[0].planned.number,
        exercise: '10',
        why: `${placed} of ${crowd.length} guests got their meal while the kitchen had all hands full. What it works on and can't finish in time takes the place of what it could have finished.`,
      }),
  }
}
