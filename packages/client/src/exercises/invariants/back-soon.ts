import { seconds } from '../../faults/describe.ts'
import type { ServiceName } from '../../faults/outage-effect.ts'
import type { Finding, Invariant, OrderOutcome } from '../../invariants/index.ts'
import { notYet } from '../../invariants/so-far.ts'
import { outageOf, returnOf } from './outage-of.ts'

/**
 * Once a service is back, orders are placed again before long.
 *
 * @param limit milliseconds from its return to the first order that is placed
 */
export function backSoon(service: ServiceName, limit: number): Invariant {
  return {
    name: `orders again once ${service} is back`,
    check: ({ orders, faults }) => findFirst(service, orders, outageOf(service, { faults }).to, limit),
    early({ orders, faults, now }) {
      const back = returnOf(service, faults)
      if (back === undefined) return notYet({ shownLimit: `limit ${seconds(limit)}` })
      const finding = findFirst(service, orders, back, limit)
      return finding.passed || now - back > limit + 1 ? finding : notYet(finding)
    },
  }
}

function findFirst(service: ServiceName, orders: readonly OrderOutcome[], back: number, limit: number): Finding {
  const after = orders.filter(({ startedAt }) => startedAt >= back)
  const placed = after.filter(({ reply }) => reply !== undefined).map(({ startedAt, ms }) => startedAt + ms - back)
  const measured = Math.round(Math.min(...placed))
  const passed = measured <= limit
  const never = placed.length === 0
  return {
    ...{ passed, measured: never ? -1 : measured, limit, unit: 'ms', final: true },
    shown: never ? 'never' : `after ${seconds(measured)}`,
    shownLimit: `limit ${seconds(limit)}`,
    ...(after[0] &&
      !passed && {
        order: after[0].planned.number,
        exercise: '08',
        why: `${service} was back, and the order service went on telling guests that it is not. An outage lasts as long as its slowest observer.`,
      }),
  }
}
