import { type Connection, currentTraceparent } from '@chaos-kitchen/service'
import type {
  KeyClaim,
  KeyClaimResult,
  NewOrder,
  Notification,
  OrderItem,
  OrderWriter,
  StatementOptions,
} from '../define-order-service.ts'
import type { NotificationTraces } from './notification-traces.ts'
import { NOTIFICATION_COLUMNS, type NotificationRow, ORDER_COLUMNS, type OrderRow, toOrder } from './rows.ts'

/** Each method is one statement, on whatever connection it was given: the pool or a transaction. */
export class PgOrderWriter implements OrderWriter {
  readonly #connection: Connection
  readonly #traces: NotificationTraces
  readonly #onEnqueued: () => void

  constructor(connection: Connection, traces: NotificationTraces, onEnqueued: () => void) {
    this.#connection = connection
    this.#traces = traces
    this.#onEnqueued = onEnqueued
  }

  async insertOrder(order: NewOrder, options?: StatementOptions): Promise<void> {
    await this.#connection.query(
      `INSERT INTO orders (order_id, customer_id, amount_in_cents, discount_percentage, degraded, idempotency_key)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        order.orderId,
        order.customerId,
        order.amountInCents,
        order.discountPercentage,
        order.degraded ?? false,
        order.idempotencyKey,
      ],
      options,
    )
  }

  async insertItems(orderId: string, items: OrderItem[], options?: StatementOptions): Promise<void> {
    await this.#connection.query(
      `INSERT INTO order_items (order_id, position, item_id, quantity, price_in_cents)
       SELECT $1, item.position, item.id, item.quantity, item.price
       FROM unnest($2::text[], $3::int[], $4::int[]) WITH ORDINALITY AS item (id, quantity, price, position)`,
      [
        orderId,
        items.map((item) => item.id),
        items.map((item) => item.quantity),
        items.map((item) => item.priceInCents),
      ],
      options,
    )
  }

  async findOrder(orderId: string, options?: StatementOptions): Promise<NewOrder | undefined> {
    const sql = `SELECT ${ORDER_COLUMNS} FROM orders WHERE order_id = $1`
    const [row] = await this.#connection.query<OrderRow>(sql, [orderId], options)
    return row && toOrder(row)
  }

  async findByIdempotencyKey(key: string, options?: StatementOptions): Promise<NewOrder | undefined> {
    const sql = `SELECT ${ORDER_COLUMNS} FROM orders WHERE idempotency_key = $1 ORDER BY number LIMIT 1`
    const [row] = await this.#connection.query<OrderRow>(sql, [key], options)
    return row && toOrder(row)
  }

  async claimIdempotencyKey(claim: KeyClaim, options?: StatementOptions): Promise<KeyClaimResult> {
    const claimed = await this.#connection.query(
      `INSERT INTO idempotency_keys (key, order_id, request_hash) VALUES ($1, $2, $3)
       ON CONFLICT (key) DO NOTHING RETURNING key`,
      [claim.key, claim.orderId, claim.requestHash],
      options,
    )
    if (claimed.length === 1) return { claimed: true }
    // Nobody deletes keys, except a reset in between.
    const holder = await this.findIdempotencyClaim(claim.key, options)
    if (!holder) throw new Error(`The idempotency key ${claim.key} vanished while it was being claimed.`)
    return { claimed: false, orderId: holder.orderId, requestHash: holder.requestHash }
  }

  async findIdempotencyClaim(key: string, options?: StatementOptions): Promise<KeyClaim | undefined> {
    const sql = `SELECT key, order_id AS "orderId", request_hash AS "requestHash" FROM idempotency_keys WHERE key = $1`
    const [claim] = await this.#connection.query<KeyClaim & object>(sql, [key], options)
    return claim
  }

  async enqueueNotification({ orderId, customerId }: Notification, options?: StatementOptions): Promise<void> {
    const sql = 'INSERT INTO outbox (order_id, customer_id, traceparent) VALUES ($1, $2, $3)'
    await this.#connection.query(sql, [orderId, customerId, currentTraceparent()], options)
    this.#onEnqueued()
  }

  pendingNotifications(customerId: string, options?: StatementOptions): Promise<Notification[]> {
    return this.#notifications('customer_id = $1 AND notified_at IS NULL ORDER BY number', [customerId], options)
  }

  lockNotifications(limit: number, options?: StatementOptions): Promise<Notification[]> {
    const which = 'notified_at IS NULL ORDER BY number LIMIT $1 FOR UPDATE SKIP LOCKED'
    return this.#notifications(which, [limit], options)
  }

  lockNotificationsOf(customerId: string, options?: StatementOptions): Promise<Notification[]> {
    const which = 'customer_id = $1 AND notified_at IS NULL ORDER BY number FOR UPDATE'
    return this.#notifications(which, [customerId], options)
  }

  async markNotified(orderIds: string[], options?: StatementOptions): Promise<void> {
    const sql = 'UPDATE outbox SET notified_at = now() WHERE order_id = ANY ($1::uuid[]) AND notified_at IS NULL'
    await this.#connection.query(sql, [orderIds], options)
    this.#traces.forget(orderIds)
  }

  async #notifications(which: string, values: unknown[], options?: StatementOptions): Promise<Notification[]> {
    const sql = `SELECT ${NOTIFICATION_COLUMNS} FROM outbox WHERE ${which}`
    const rows = await this.#connection.query<NotificationRow>(sql, values, options)
    return rows.map(({ orderId, customerId, traceparent }) => {
      if (traceparent !== null) this.#traces.remember(orderId, traceparent)
      return { orderId, customerId }
    })
  }
}
