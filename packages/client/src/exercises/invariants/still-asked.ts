import type { ServiceName } from '../../faults/outage-effect.ts'
import type { Evidence, Finding, Invariant } from '../../invariants/index.ts'
import { notYet, settledWhen, startedOrders } from '../../invariants/so-far.ts'
import { callsOf } from './calls-of.ts'
import { returnOf, type Span, settledOutageOf, startedWithin } from './outage-of.ts'

/**
 * A service that is well is asked as ever while another is down: nobody mistakes the one for the other.
 *
 * @param limit share of the orders in the second half of the outage whose call arrives
 */
export function stillAsked(service: ServiceName, down: ServiceName, limit: number): Invariant {
  return {
    name: `the ${service} is asked as ever`,
    check: (evidence) => findAsked(service, down, evidence, settledOutageOf(down, evidence), limit),
    /** Fails at the end alone: a call may come late. */
    early(soFar) {
      const started = { ...soFar, orders: startedOrders(soFar) }
      const finding = findAsked(service, down, started, settledOutageOf(down, soFar), limit)
      if (finding.limit === 0) return notYet()
      return settledWhen(finding.passed && returnOf(down, soFar.faults) !== undefined, finding)
    },
    reads: ['arrivals'],
  }
}

function findAsked(
  service: ServiceName,
  down: ServiceName,
  evidence: Pick<Evidence, 'orders' | 'arrivals'>,
  time: Span,
  limit: number,
): Finding {
  const orders = startedWithin(evidence.orders, time)
  const unasked = orders.filter((order) => callsOf(order, service, evidence).length === 0)
  const asked = orders.length - unasked.length
  const least = Math.ceil(orders.length * limit)
  const passed = orders.length > 0 && asked >= least
  return {
    ...{ passed, measured: asked, limit: least, unit: 'orders', final: true },
    shown: `${asked} of ${orders.length} orders`,
    shownLimit: `at least ${least}`,
    ...(unasked[0] &&
      !passed && {
        order: unasked[0].planned.number,
        exercise: '08',
        why: `The ${service} was well all the time, and for ${unasked.length} orders it was not asked, because ${down} was down. One breaker for both takes the healthy one away as well.`,
      }),
  }
}
