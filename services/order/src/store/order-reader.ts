import type { Connection } from '@chaos-kitchen/service'
import type { Static } from 'typebox'
import type { Order } from '../http/schemas.ts'
import { fromCents } from '../money.ts'
import { ORDER_COLUMNS, type OrderRow } from './rows.ts'

const MOST_ORDERS = 1_000

interface ReadRow extends OrderRow {
  created_at: Date
  items: { id: string; quantity: number; price_in_cents: number }[]
}

/** Orders with their items, as they are read by callers. */
export class OrderReader {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async order(orderId: string): Promise<Static<typeof Order> | undefined> {
    const [row] = await this.#connection.query<ReadRow>(`${SELECT} WHERE order_id = $1`, [orderId])
    return row && toReply(row)
  }

  async ordersOf(customerId: string): Promise<Static<typeof Order>[]> {
    const sql = `${SELECT} WHERE customer_id = $1 ORDER BY number LIMIT ${MOST_ORDERS}`
    return (await this.#connection.query<ReadRow>(sql, [customerId])).map(toReply)
  }
}

const SELECT = `
  SELECT ${ORDER_COLUMNS}, created_at, coalesce((
    SELECT json_agg(json_build_object('id', item_id, 'quantity', quantity, 'price_in_cents', price_in_cents) ORDER BY position)
    FROM order_items WHERE order_items.order_id = orders.order_id
  ), '[]') AS items
  FROM orders`

function toReply(row: ReadRow): Static<typeof Order> {
  return {
    orderId: row.order_id,
    customerId: row.customer_id,
    amount: fromCents(Number(row.amount_in_cents)),
    discountPercentage: row.discount_percentage,
    degraded: row.degraded,
    idempotencyKey: row.idempotency_key,
    createdAt: row.created_at.toISOString(),
    items: row.items.map((item) => ({ id: item.id, quantity: item.quantity, price: fromCents(item.price_in_cents) })),
  }
}
