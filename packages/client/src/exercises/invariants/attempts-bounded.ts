import type { Evidence, Finding, Invariant } from '../../invariants/index.ts'
import { notYet, settledWhen, startedOrders } from '../../invariants/so-far.ts'
import { callsOf, mostRepeated } from './calls-of.ts'

/** For one order the menu is asked for the same item so often at most. */
export function attemptsBounded(limit: number): Invariant {
  return {
    name: `${limit} attempts at most`,
    check: (evidence) => findWorst(evidence, limit),
    /** Passes at the end alone: what was forgotten to end may ask again, long after its guest has gone. */
    early(soFar) {
      const finding = findWorst({ ...soFar, orders: startedOrders(soFar) }, limit)
      return soFar.askedAt < 0 ? notYet(finding) : settledWhen(!finding.passed, finding)
    },
    reads: ['arrivals'],
  }
}

function findWorst(evidence: Pick<Evidence, 'orders' | 'arrivals'>, limit: number): Finding {
  const [worst] = evidence.orders
    .map((order) => ({ order, calls: mostRepeated(callsOf(order, 'menu', evidence)) }))
    .sort((a, b) => b.calls - a.calls)
  const measured = worst?.calls ?? 0
  return {
    ...{ passed: measured <= limit, measured, limit, unit: 'calls', final: true },
    shown: `${measured} ${measured === 1 ? 'call' : 'calls'}`,
    shownLimit: `limit ${limit}`,
    ...(worst &&
      measured > limit && {
        order: worst.order.planned.number,
        exercise: '03',
        why: `For order ${worst.order.planned.number} the menu was asked ${measured} times for the same item. A retry that never gives up turns one slow minute into a queue that outlives it.`,
      }),
  }
}
