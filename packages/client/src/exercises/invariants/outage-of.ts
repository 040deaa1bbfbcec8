import { isOutage } from '../../faults/fault.ts'
import type { ServiceName } from '../../faults/outage-effect.ts'
import type { EvidenceSoFar, OrderOutcome } from '../../invariants/index.ts'

/** From when to when, in milliseconds since the start. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** When a service was down; while it still is, until when it will be as far as is planned. */
export function outageOf(service: ServiceName, { faults }: Pick<EvidenceSoFar, 'faults'>): Span {
  const outage = faults.find(({ fault }) => isOutage(fault) && fault.service === service)
  if (outage === undefined) return { from: 0, to: 0 }
  const { from, fault, to = from + ('ms' in fault.until ? fault.until.ms : 0) } = outage
  return { from, to }
}

/** When it came back; undefined as long as it has not. */
export function returnOf(service: ServiceName, faults: EvidenceSoFar['faults']): number | undefined {
  return faults.find(({ fault }) => isOutage(fault) && fault.service === service)?.to
}

/** The second half of it: by then, whoever learns from failures has learnt. */
export function settledOutageOf(service: ServiceName, evidence: Pick<EvidenceSoFar, 'faults'>): Span {
  const { from, to } = outageOf(service, evidence)
  return { from: (from + to) / 2, to }
}

/** The orders that started in this time. */
export function startedWithin(orders: readonly OrderOutcome[], { from, to }: Span): OrderOutcome[] {
  return orders.filter(({ startedAt }) => startedAt >= from && startedAt < to)
}
