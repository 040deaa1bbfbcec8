import type { NewOrder, Notification } from '../define-order-service.ts'

export const ORDER_COLUMNS = 'order_id, customer_id, amount_in_cents, discount_percentage, degraded, idempotency_key'

export interface OrderRow {
  order_id: string
  customer_id: string
  /** bigint: `pg` gives it as a string. */
  amount_in_cents: string
  discount_percentage: number
  degraded: boolean
  idempotency_key: string | null
}

export const NOTIFICATION_COLUMNS = 'order_id AS "orderId", customer_id AS "customerId", traceparent'

export interface NotificationRow extends Notification {
  traceparent: string | null
}

export function toOrder(row: OrderRow): NewOrder {
  return {
    orderId: row.order_id,
    customerId: row.customer_id,
    amountInCents: Number(row.amount_in_cents),
    discountPercentage: row.discount_percentage,
    degraded: row.degraded,
    ...(row.idempotency_key !== null && { idempotencyKey: row.idempotency_key }),
  }
}
