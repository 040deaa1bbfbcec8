import type { PlannedOrder } from '../../batteries/planned-order.ts'
import type { ServiceName } from '../../faults/outage-effect.ts'
import type { Evidence, Finding, Invariant } from '../../invariants/index.ts'
import { notYet, settledWhen, startedOrders } from '../../invariants/so-far.ts'
import { callsOf } from './calls-of.ts'

/**
 * What a service in trouble is asked for orders that can't be had, for each thing that they need of it: a multiplied
 * load is what keeps it down.
 *
 * @param limit calls for each item of an order
 */
export function callsPerOrder(service: ServiceName, limit: number): Invariant {
  return {
    name: `no storm on the ${service}`,
    check: (evidence) => findStorm(service, evidence, neededBy(evidence.orders.map(({ planned }) => planned)), limit),
    /** Passes at the end alone: calls may come late. */
    early(soFar) {
      const started = { ...soFar, orders: startedOrders(soFar) }
      // Over all that will be needed: so many calls are too many whatever comes.
      const finding = findStorm(service, started, neededBy(soFar.planned), limit)
      if (!finding.passed) return finding
      const needed = neededBy(started.orders.map(({ planned }) => planned))
      return needed === 0 ? notYet(finding) : settledWhen(false, findStorm(service, started, needed, limit))
    },
    reads: ['arrivals'],
  }
}

/** For each item of an order that can't be had, one call. */
function neededBy(planned: readonly PlannedOrder[]): number {
  return planned.reduce((sum, { expect, items }) => sum + (expect === 'failed' ? items.length : 0), 0)
}

function findStorm(
  service: ServiceName,
  evidence: Pick<Evidence, 'orders' | 'arrivals'>,
  needed: number,
  limit: number,
): Finding {
  const counts = evidence.orders
    .filter(({ planned }) => planned.expect === 'failed')
    .map((order) => ({ order, calls: callsOf(order, service, evidence).length }))
  const calls = counts.reduce((sum, count) => sum + count.calls, 0)
  const measured = Number((calls / Math.max(1, needed)).toFixed(2))
  const [worst] = counts.toSorted((a, b) => b.calls - a.calls)
  const passed = measured <= limit
  return {
    ...{ passed, measured, limit, unit: 'calls an order', final: true },
    shown: `${measured} calls each`,
    shownLimit: `limit ${limit}`,
    ...(worst &&
      !passed && {
        order: worst.order.planned.number,
        exercise: '07',
        why: `${counts.length} orders became ${calls} calls to a ${service} that was down. Each retry was sensible on its own; together they are the load that it can't recover under.`,
      }),
  }
}
