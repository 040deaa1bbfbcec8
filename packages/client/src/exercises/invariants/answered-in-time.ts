import type { PlannedOrder } from '../../batteries/planned-order.ts'
import { seconds } from '../../faults/describe.ts'
import type { Finding, Invariant, OrderOutcome } from '../../invariants/index.ts'
import { allEnded, notYet, settledWhen, waitingOrders } from '../../invariants/so-far.ts'
import { capitalize, orderList } from '../../invariants/words.ts'

/**
 * An order that can't be had just now is told so while the guest still waits.
 *
 * @param limit milliseconds
 */
export function answeredInTime(limit: number): Invariant {
  return {
    name: 'the guest gets an answer in time',
    check: ({ orders }) => findLate(orders, limit),
    early(soFar) {
      const waiting = waitingOrders(soFar)
      // Who waits may have an answer soon; who has waited for too long may not have it in time any more.
      const finding = findLate([...soFar.orders, ...waiting.filter(({ ms }) => ms > limit)], limit)
      if (!finding.passed || allEnded(soFar, mayFail)) return finding
      const longest = Math.max(
        0,
        ...[...soFar.orders, ...waiting].filter(({ planned }) => mayFail(planned)).map(({ ms }) => ms),
      )
      return longest === 0 ? notYet(finding) : settledWhen(false, { ...finding, shown: seconds(longest) })
    },
  }
}

function mayFail({ expect }: PlannedOrder): boolean {
  return expect === 'failed'
}

function findLate(orders: readonly OrderOutcome[], limit: number): Finding {
  const failing = orders.filter(({ planned }) => mayFail(planned))
  const late = failing.filter(({ ms, attempts }) => ms > limit || attempts.at(-1)?.status === undefined)
  const slowest = Math.max(0, ...failing.map(({ ms }) => ms))
  const first = late[0]
  const silent = first?.attempts.at(-1)?.status === undefined
  return {
    ...{ passed: late.length === 0, measured: Math.round(slowest), limit, unit: 'ms', final: true },
    shown: `${seconds(slowest)}${silent && first ? ', no answer' : ''}`,
    shownLimit: `limit ${seconds(limit)}`,
    ...(first && {
      order: first.planned.number,
      exercise: '02',
      why: `${capitalize(orderList(late.map(({ planned }) => planned.number)))} ${silent ? 'got no answer before the guest left' : 'was answered late'}. A call with no bound, or with one that is longer than the guest waits, is answered to nobody, and holds all that waits for it.`,
    }),
  }
}
