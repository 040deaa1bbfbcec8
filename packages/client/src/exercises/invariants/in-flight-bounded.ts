import type { ServiceName } from '../../faults/outage-effect.ts'
import type { Arrival, Finding, Invariant, OrderOutcome } from '../../invariants/index.ts'
import { notYet, settledWhen, startedOrders } from '../../invariants/so-far.ts'

/** No more requests are at a service at the same time than it can work on. */
export function inFlightBounded(service: ServiceName, limit: number): Invariant {
  return {
    name: `no crowd at the ${service}`,
    check: ({ orders, arrivals }) => findPeak(service, orders, arrivals[service], limit),
    /** Passes at the end alone: a crowd may come late. */
    early(soFar) {
      const finding = findPeak(service, startedOrders(soFar), soFar.arrivals[service], limit)
      return soFar.askedAt < 0 ? notYet(finding) : settledWhen(!finding.passed, finding)
    },
    reads: ['arrivals'],
  }
}

function findPeak(
  service: ServiceName,
  orders: readonly OrderOutcome[],
  requests: readonly Arrival[],
  limit: number,
): Finding {
  const { most, at } = peakOf(requests)
  const passed = most <= limit
  const order = orders.find(({ traceId }) => traceId === at?.traceId)
  return {
    ...{ passed, measured: most, limit, unit: 'calls', final: true },
    shown: `${most} at once`,
    shownLimit: `limit ${limit}`,
    ...(!passed && {
      ...(order && { order: order.planned.number }),
      exercise: '10',
      why: `${most} calls were at the ${service} at the same time. It can't work on so many; the others take its memory and its patience, and make it slow for all of them.`,
    }),
  }
}

function peakOf(requests: readonly Arrival[]): { most: number; at?: Arrival } {
  let peak: { most: number; at?: Arrival } = { most: 0 }
  for (const at of requests) {
    const most = requests.filter(({ from, to = Number.POSITIVE_INFINITY }) => from <= at.from && at.from < to).length
    if (most > peak.most) peak = { most, at }
  }
  return peak
}
