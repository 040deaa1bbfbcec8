import { sixOrders } from '../../src/batteries/six-orders.ts'
import type { Evidence, LoyaltyEntry, OrderOutcome, StoredOrder } from '../../src/invariants/index.ts'

/** Outcomes of the six orders as a perfect restaurant gives them. */
export function perfectOutcomes(): OrderOutcome[] {
  return sixOrders.map((planned) => ({
    planned,
    customerId: `customer-${planned.customer}`,
    idempotencyKey: `key-${planned.number}`,
    traceId: planned.number.toString(16).padStart(32, '0'),
    startedAt: planned.number * 1_000,
    ms: 200,
    attempts: [{ number: 1, startedAt: planned.number * 1_000, ms: 200, status: 201 }],
    reply: {
      orderId: `order-${planned.number}`,
      amountInCents: planned.amountInCents,
      discountPercentage: planned.discountPercentage,
      degraded: false,
    },
  }))
}

export function storedAs(outcome: OrderOutcome, changes: Partial<StoredOrder> = {}): StoredOrder {
  return {
    orderId: outcome.reply?.orderId ?? 'nobody-knows',
    customerId: outcome.customerId,
    amountInCents: outcome.planned.amountInCents,
    discountPercentage: outcome.planned.discountPercentage,
    degraded: false,
    idempotencyKey: outcome.idempotencyKey,
    items: outcome.planned.items,
    ...changes,
  }
}

export function toldOf(stored: StoredOrder, recordings = 1): LoyaltyEntry {
  return { customerId: stored.customerId, orderId: stored.orderId, recordings }
}

export function perfectEvidence(): Evidence {
  const orders = perfectOutcomes()
  const stored = orders.map((outcome) => storedAs(outcome))
  return {
    orders,
    stored,
    loyalty: stored.map((order) => toldOf(order)),
    arrivals: { order: [], menu: [], loyalty: [] },
    reads: [],
    faults: [],
  }
}
