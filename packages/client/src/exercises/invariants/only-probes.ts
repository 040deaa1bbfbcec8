import type { ServiceName } from '../../faults/outage-effect.ts'
import type { Evidence, Finding, Invariant } from '../../invariants/index.ts'
import { notYet, settledWhen, startedOrders } from '../../invariants/so-far.ts'
import { returnOf, type Span, settledOutageOf, startedWithin } from './outage-of.ts'

const SLACK = 50

/**
 * Once it could be known that a service is down, it is left alone, but for a call now and then that finds out whether it
 * is back.
 *
 * @param limit calls for each order of the second half of the outage
 */
export function onlyProbes(service: ServiceName, limit: number): Invariant {
  return {
    name: `only probes reach ${service}`,
    check: (evidence) => findCalls(service, evidence, settledOutageOf(service, evidence), limit),
    early(soFar) {
      const back = returnOf(service, soFar.faults)
      const finding = findCalls(
        service,
        { ...soFar, orders: startedOrders(soFar) },
        settledOutageOf(service, soFar),
        limit,
      )
      if (finding.measured === 0 && back === undefined) return notYet()
      // Whatever arrived meanwhile has been seen; clocks are read in two processes.
      return settledWhen(back !== undefined && soFar.askedAt > back + SLACK, finding)
    },
    reads: ['arrivals'],
  }
}

function findCalls(
  service: ServiceName,
  evidence: Pick<Evidence, 'orders' | 'arrivals'>,
  time: Span,
  limit: number,
): Finding {
  const orders = startedWithin(evidence.orders, time)
  const calls = evidence.arrivals[service].filter(({ from }) => from >= time.from && from < time.to)
  const most = Math.floor(orders.length * limit)
  const passed = orders.length > 0 && calls.length <= most
  const order = orders.find(({ traceId }) => calls.some((call) => call.traceId === traceId))
  return {
    ...{ passed, measured: calls.length, limit: most, unit: 'calls', final: true },
    shown: `${calls.length} for ${orders.length} orders`,
    shownLimit: `limit ${most}`,
    ...(order &&
      !passed && {
        order: order.planned.number,
        exercise: '08',
        why: `${service} was down and still got ${calls.length} calls in ${((time.to - time.from) / 1_000).toFixed(1)} s. What the first ten callers found out, the others had to find out again, and a service that tries to stand up is kept busy with saying no.`,
      }),
  }
}
