import type { PlannedOrder } from '../batteries/planned-order.ts'
import type { EvidenceSoFar, OrderOutcome } from './evidence.ts'
import type { Finding, Measured } from './invariant.ts'

/** The finding, once it is known to stay; what was measured until then. */
export function settledWhen(settled: boolean, finding: Finding): Finding | Measured {
  const { measured, unit, shown = `${measured} ${unit}` } = finding
  return settled ? finding : { ...notYet(finding), shown }
}

/** Nothing is measured yet; the limit is known all the same. */
export function notYet({ shownLimit }: Pick<Finding, 'shownLimit'> = {}): Measured {
  return { open: true, ...(shownLimit !== undefined && { shownLimit }) }
}

/** Whether all orders of a kind have ended: what is told of them alone can't change any more. */
export function allEnded(
  { planned, orders }: Pick<EvidenceSoFar, 'planned' | 'orders'>,
  kind: (planned: PlannedOrder) => boolean = () => true,
): boolean {
  return orders.filter((order) => kind(order.planned)).length === planned.filter(kind).length
}

/** Orders whose guests wait, as if they had ended without an answer just now: they take so long at least. */
export function waitingOrders({ underWay, now }: Pick<EvidenceSoFar, 'underWay' | 'now'>): OrderOutcome[] {
  return underWay.map((order) => ({ ...order, ms: now - order.startedAt, attempts: [] }))
}

/** Those that ended and those under way, by number. */
export function startedOrders(soFar: EvidenceSoFar): OrderOutcome[] {
  return [...soFar.orders, ...waitingOrders(soFar)].sort((a, b) => a.planned.number - b.planned.number)
}
