import type { Evidence, Finding, Invariant } from '../../invariants/index.ts'
import { notYet, settledWhen } from '../../invariants/so-far.ts'
import { callsOf } from './calls-of.ts'

/**
 * When the guest goes, nobody asks the menu on their behalf any more.
 *
 * @param slack milliseconds for the news to travel
 */
export function noCallAfterLeaving(slack: number): Invariant {
  return {
    name: 'no call after the guest left',
    check: (evidence) => findLate(evidence, slack),
    /** Passes at the end alone: it is about what comes late. */
    early(soFar) {
      const finding = findLate(soFar, slack)
      return soFar.askedAt < 0 ? notYet(finding) : settledWhen(!finding.passed, finding)
    },
    reads: ['arrivals'],
  }
}

function findLate(evidence: Pick<Evidence, 'orders' | 'arrivals'>, slack: number): Finding {
  const late = evidence.orders.flatMap((order) =>
    callsOf(order, 'menu', evidence)
      .filter(({ from }) => from > order.startedAt + order.ms + slack)
      .map(() => order.planned.number),
  )
  const [order] = late
  return {
    ...{ passed: late.length === 0, measured: late.length, limit: 0, unit: 'calls', final: true },
    shown: `${late.length} ${late.length === 1 ? 'call' : 'calls'}`,
    shownLimit: 'limit 0',
    ...(order !== undefined && {
      order,
      exercise: '03',
      why: `The guest of order ${order} had gone, and the menu was asked again. A retry must end when the one it is for has left.`,
    }),
  }
}
