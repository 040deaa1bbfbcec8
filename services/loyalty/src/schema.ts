import type { Migration } from '@chaos-kitchen/service'

export const migrations: Migration[] = [
  {
    id: '001-orders',
    sql: `
      CREATE TABLE orders (
        order_id uuid PRIMARY KEY,
        customer_id uuid NOT NULL,
        recordings integer NOT NULL DEFAULT 1,
        first_recorded_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX orders_of_customer ON orders (customer_id)`,
  },
]
