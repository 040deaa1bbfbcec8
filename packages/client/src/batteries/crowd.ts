import type { OrderPlan } from './planned-order.ts'

/** So many guests who have never been here, each of whom orders a coke, or what `more` says. */
export function crowd(name: string, count: number, more: Partial<Omit<OrderPlan, 'customer'>> = {}): OrderPlan[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ customer: `${name} ${index + 1}`, items: [{ id: 'coke', quantity: 1 }] },
    ...more,
  }))
}

/** The same, all at once, where orders come in turn. */
export function crowdAtOnce(...crowdOf: Parameters<typeof crowd>): OrderPlan[] {
  return crowd(...crowdOf).map((plan, index) => ({ ...plan, together: index > 0 }))
}
