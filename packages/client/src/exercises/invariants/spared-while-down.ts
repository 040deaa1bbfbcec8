import { isOutage } from '../../faults/fault.ts'
import type { ServiceName } from '../../faults/outage-effect.ts'
import type { EvidenceSoFar, Finding, Invariant } from '../../invariants/index.ts'
import { notYet, settledWhen } from '../../invariants/so-far.ts'

/**
 * The amplification: while a service is down, so many calls reach it for each order that needs it, whatever its guests
 * and all layers between them and it try again.
 *
 * @param orders numbers of the orders that need it meanwhile
 * @param limit calls for each of these orders
 */
export function sparedWhileDown(service: ServiceName, orders: readonly number[], limit: number): Invariant {
  return {
    name: `${service} is spared while it is down`,
    check: (evidence) => findAmplification(service, orders, evidence, limit),
    /** Passes at the end alone: an outage that goes on brings more calls. */
    early(soFar) {
      const finding = findAmplification(service, orders, soFar, limit)
      return finding.measured === 0 ? notYet(finding) : settledWhen(!finding.passed, finding)
    },
    reads: ['arrivals'],
  }
}

function findAmplification(
  service: ServiceName,
  numbers: readonly number[],
  { arrivals, faults }: Pick<EvidenceSoFar, 'arrivals' | 'faults'>,
  limit: number,
): Finding {
  const outages = faults.filter(({ fault }) => fault.kind === 'unavailable' && fault.service === service)
  const calls = arrivals[service].filter(({ from, method }) =>
    outages.some(
      ({ fault, ...outage }) =>
        from >= outage.from &&
        from < (outage.to ?? Number.POSITIVE_INFINITY) &&
        isOutage(fault) &&
        method === (fault.behaviour.method ?? method),
    ),
  )
  const measured = Number((calls.length / numbers.length).toFixed(2))
  const passed = measured <= limit
  return {
    ...{ passed, measured, limit, unit: 'calls an order', final: true },
    shown: `${calls.length} calls for ${numbers.length} orders`,
    shownLimit: `limit ${Math.floor(limit * numbers.length)}`,
    ...(!passed && {
      ...(numbers[0] !== undefined && { order: numbers[0] }),
      exercise: '12',
      why: `${numbers.length} orders became ${calls.length} calls to a ${service} that was down. What is meant to bound them stands at the wrong place: a retry inside of the breaker asks on while it is still closed, and nothing else says how much asking again may cost.`,
    }),
  }
}
