import { seconds } from '../faults/describe.ts'
import type { OrderOutcome } from './evidence.ts'
import type { Finding, Invariant } from './invariant.ts'
import { allEnded, settledWhen, startedOrders } from './so-far.ts'

/** How long the unluckiest guest waited, all attempts included; the limit is in milliseconds. */
export function slowestOrder(limit: number): Invariant {
  return {
    name: 'slowest order',
    check: ({ orders }) => findSlowest(orders, limit),
    early(soFar) {
      const finding = findSlowest(startedOrders(soFar), limit)
      return settledWhen(!finding.passed || allEnded(soFar), finding)
    },
  }
}

function findSlowest(orders: readonly OrderOutcome[], limit: number): Finding {
  const worst = orders.toSorted((a, b) => b.ms - a.ms)[0]
  const measured = Math.round(worst?.ms ?? 0)
  const passed = measured <= limit
  return {
    passed,
    measured,
    limit,
    unit: 'ms',
    shown: seconds(measured),
    shownLimit: `limit ${seconds(limit)}`,
    final: true,
    ...(!passed &&
      worst && {
        order: worst.planned.number,
        exercise: '02',
        why: `Order ${worst.planned.number} took ${seconds(measured)}. A wait without a bound is as long as the slowest thing it waits for.`,
      }),
  }
}
