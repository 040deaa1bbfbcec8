import type { ServiceName } from '../../faults/outage-effect.ts'
import type { Arrival, Evidence, Finding, Invariant } from '../../invariants/index.ts'
import { notYet, settledWhen, startedOrders } from '../../invariants/so-far.ts'
import { callsOf } from './calls-of.ts'

const SLACK = 60

/**
 * Each call says for how long its caller waits, and that is never longer than the guest does.
 *
 * @param orders numbers of the orders whose guests told their deadline
 * @param patience of these guests, in milliseconds
 */
export function withinTheDeadline(orders: readonly number[], patience: number): Invariant {
  return {
    name: 'no call has more time than the guest',
    check: (evidence) => findOverdrawn(orders, evidence, patience),
    /** Passes at the end alone: more calls may come. */
    early(soFar) {
      const finding = findOverdrawn(orders, { ...soFar, orders: startedOrders(soFar) }, patience)
      return soFar.askedAt < 0 ? notYet(finding) : settledWhen(!finding.passed, finding)
    },
    reads: ['arrivals'],
  }
}

function findOverdrawn(
  numbers: readonly number[],
  evidence: Pick<Evidence, 'orders' | 'arrivals'>,
  patience: number,
): Finding {
  const overdrawn = evidence.orders
    .filter(({ planned }) => numbers.includes(planned.number))
    .flatMap((order) => {
      const end = order.startedAt + patience + SLACK
      return SERVICES.flatMap((service) =>
        callsOf(order, service, evidence).map((call) => ({ order, service, call, over: overdraft(call, end) })),
      )
    })
    .filter(({ over }) => over > 0)
    .sort((a, b) => b.over - a.over)
  const [worst] = overdrawn
  return {
    ...{ passed: worst === undefined, measured: overdrawn.length, limit: 0, unit: 'calls', final: true },
    shown: `${overdrawn.length} ${overdrawn.length === 1 ? 'call' : 'calls'}`,
    shownLimit: 'limit 0',
    ...(worst && {
      order: worst.order.planned.number,
      exercise: '05',
      why:
        worst.call.deadline === undefined
          ? `The guest said for how long they wait, and ${worst.service} was not told: it can't know when its work is for nobody.`
          : `A call to ${worst.service} was given ${Math.round(worst.over)} ms more than the guest had left. Each hop with a time of its own adds up to more than anybody waits.`,
    }),
  }
}

const SERVICES: readonly ServiceName[] = ['menu', 'loyalty']

function overdraft({ from, deadline }: Arrival, end: number): number {
  return deadline === undefined ? Number.POSITIVE_INFINITY : from + deadline - end
}
