import type { Migration } from '@chaos-kitchen/service'

export const migrations: Migration[] = [
  {
    id: '001-orders',
    sql: `
      CREATE TABLE orders (
        order_id uuid PRIMARY KEY,
        customer_id uuid NOT NULL,
        amount_in_cents bigint NOT NULL CHECK (amount_in_cents >= 0),
        discount_percentage integer NOT NULL,
        degraded boolean NOT NULL DEFAULT false,
        idempotency_key text,
        number bigint GENERATED ALWAYS AS IDENTITY,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX orders_of_customer ON orders (customer_id, number);
      CREATE INDEX orders_by_key ON orders (idempotency_key, number);

      CREATE TABLE order_items (
        order_id uuid NOT NULL REFERENCES orders,
        position integer NOT NULL,
        item_id text NOT NULL,
        quantity integer NOT NULL CHECK (quantity > 0),
        price_in_cents integer NOT NULL,
        PRIMARY KEY (order_id, position)
      );

      CREATE TABLE idempotency_keys (
        key text PRIMARY KEY,
        order_id uuid NOT NULL,
        request_hash text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE outbox (
        order_id uuid PRIMARY KEY,
        customer_id uuid NOT NULL,
        number bigint GENERATED ALWAYS AS IDENTITY,
        created_at timestamptz NOT NULL DEFAULT now(),
        notified_at timestamptz
      );
      CREATE INDEX outbox_unsent ON outbox (number) WHERE notified_at IS NULL;
      CREATE INDEX outbox_unsent_of_customer ON outbox (customer_id) WHERE notified_at IS NULL`,
  },
  { id: '002-outbox-trace', sql: 'ALTER TABLE outbox ADD COLUMN traceparent text' },
]

export const tables = ['order_items', 'orders', 'idempotency_keys', 'outbox']
