import type { Evidence, Finding, Invariant } from '../../invariants/index.ts'
import { notYet, settledWhen, startedOrders } from '../../invariants/so-far.ts'
import { callsOf, mostRepeated } from './calls-of.ts'

/** What will fail the next time just as it did this time is not asked for again. */
export const unknownAskedOnce: Invariant = {
  name: 'an unknown item is asked for once',
  check: (evidence) => findRepeated(evidence),
  /** Passes at the end alone: what was forgotten to end may ask again. */
  early(soFar) {
    const finding = findRepeated({ ...soFar, orders: startedOrders(soFar) })
    return finding.measured === 0 ? notYet(finding) : settledWhen(finding.measured > 1, finding)
  },
  reads: ['arrivals'],
}

function findRepeated(evidence: Pick<Evidence, 'orders' | 'arrivals'>): Finding {
  const mistaken = evidence.orders.filter(({ planned }) => planned.expect === 'refused')
  const [worst] = mistaken
    .map((order) => ({ order, calls: mostRepeated(callsOf(order, 'menu', evidence)) }))
    .sort((a, b) => b.calls - a.calls)
  const measured = worst?.calls ?? 0
  return {
    ...{ passed: measured === 1, measured, limit: 1, unit: 'calls', final: true },
    shown: `${measured} ${measured === 1 ? 'call' : 'calls'}`,
    shownLimit: 'limit 1',
    ...(worst &&
      measured > 1 && {
        order: worst.order.planned.number,
        exercise: '03',
        why: `The menu said 404 and was asked ${measured} times. It knows its items: only what may be gone the next time is worth another attempt.`,
      }),
  }
}
