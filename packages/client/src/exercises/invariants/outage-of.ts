import { isOutage } from '../../faults/fault.ts'
import type { ServiceName } from '../../faults/outage-effect.ts'
import type { Evidence, OrderOutcome } from '../../invariants/index.ts'

/** From when to when a service was down, in milliseconds since the start. */
export function outageOf(service: ServiceName, { faults }: Pick<Evidence, 'faults'>): { from: number; to: number } {
  const outage = faults.find(({ fault }) => isOutage(fault) && fault.service === service)
  return outage ?? { from: 0, to: 0 }
}

/** The second half of it: by then, whoever learns from failures has learnt. */
export function settledOutageOf(service: ServiceName, evidence: Pick<Evidence, 'faults'>) {
  const { from, to } = outageOf(service, evidence)
  return { from: (from + to) / 2, to }
}

/** The orders that started in this time. */
export function startedWithin({ orders }: Evidence, { from, to }: { from: number; to: number }): OrderOutcome[] {
  return orders.filter(({ startedAt }) => startedAt >= from && startedAt < to)
}
