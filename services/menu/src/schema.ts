import type { Migration } from '@chaos-kitchen/service'

export const migrations: Migration[] = [
  {
    id: '001-items',
    sql: `
      CREATE TABLE items (
        id text PRIMARY KEY,
        name text NOT NULL,
        price_in_cents integer NOT NULL CHECK (price_in_cents > 0)
      );
      INSERT INTO items (id, name, price_in_cents)
      VALUES ('burger', 'Burger', 1000), ('fries', 'Fries', 500), ('coke', 'Coke', 250)`,
  },
]
