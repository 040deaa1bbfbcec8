import { seconds } from '../../faults/describe.ts'
import type { ServiceName } from '../../faults/outage-effect.ts'
import type { Finding, Invariant, OrderOutcome } from '../../invariants/index.ts'
import { notYet, settledWhen, startedOrders } from '../../invariants/so-far.ts'
import { returnOf, settledOutageOf, startedWithin } from './outage-of.ts'

/** The rest may be probes. */
const MOST = 0.75

/**
 * Once it could be known that a service is down, nobody waits to find it out. Measured over three quarters of the orders
 * in the second half of the outage.
 *
 * @param limit milliseconds
 */
export function failsFast(service: ServiceName, limit: number): Invariant {
  return {
    name: `answers at once while ${service} is down`,
    check: (evidence) => findSlow(service, startedWithin(evidence.orders, settledOutageOf(service, evidence)), limit),
    early(soFar) {
      const started = startedOrders(soFar)
      const back = returnOf(service, soFar.faults)
      if (back === undefined) {
        const expected = startedWithin(soFar.orders, settledOutageOf(service, soFar))
        const finding = findSlow(service, expected, limit)
        return expected.length === 0 ? notYet(finding) : settledWhen(false, finding)
      }
      const orders = startedWithin(started, settledOutageOf(service, soFar))
      const finding = findSlow(service, orders, limit)
      const ended = orders.every(({ planned }) => soFar.orders.some((order) => order.planned === planned))
      // Who still waits has waited so long at least.
      return settledWhen(ended || !finding.passed, finding)
    },
  }
}

function findSlow(service: ServiceName, among: readonly OrderOutcome[], limit: number): Finding {
  const orders = among.toSorted((a, b) => a.ms - b.ms)
  const slowest = orders[Math.ceil(orders.length * MOST) - 1]
  const measured = Math.round(slowest?.ms ?? 0)
  const passed = slowest !== undefined && measured <= limit
  return {
    ...{ passed, measured, limit, unit: 'ms', final: true },
    shown: `3 of 4 in ${seconds(measured)}`,
    shownLimit: `limit ${seconds(limit)}`,
    ...(slowest &&
      !passed && {
        order: slowest.planned.number,
        exercise: '08',
        why: `${service} had been down for seconds, and order ${slowest.planned.number} still waited to hear so. Waiting guests hold connections, memory and their place in the queue, for an answer that was known.`,
      }),
  }
}
