import { seconds } from '../../faults/describe.ts'
import type { Finding, Invariant, OrderOutcome } from '../../invariants/index.ts'
import { allEnded, notYet, settledWhen, startedOrders } from '../../invariants/so-far.ts'

/**
 * An answer does not take what telling loyalty takes: the guest needs none of it.
 *
 * @param order during which telling is slow
 * @param limit milliseconds
 */
export function guestDoesNotWait(order: number, limit: number): Invariant {
  return {
    name: 'the guest does not wait for loyalty',
    check: ({ orders }) => findWait(order, orders, limit),
    early(soFar) {
      const finding = findWait(order, startedOrders(soFar), limit)
      if (finding.measured === 0) return notYet(finding)
      return settledWhen(!finding.passed || allEnded(soFar, ({ number }) => number === order), finding)
    },
  }
}

function findWait(order: number, orders: readonly OrderOutcome[], limit: number): Finding {
  const { ms = 0 } = orders.find(({ planned }) => planned.number === order) ?? {}
  const measured = Math.round(ms)
  const passed = measured <= limit
  return {
    ...{ passed, measured, limit, unit: 'ms', final: true },
    shown: seconds(measured),
    shownLimit: `limit ${seconds(limit)}`,
    ...(!passed && {
      order,
      exercise: '11',
      why: `The order was saved, and its guest waited until loyalty had been told of it. Every service that is only to be informed adds its own slowness to the answer.`,
    }),
  }
}
