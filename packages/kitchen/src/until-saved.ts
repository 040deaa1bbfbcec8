import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { HOST } from './embedded/layout.ts'
import { DATABASE_USER } from './topology.ts'

const BETWEEN_LOOKS = 10

/**
 * Resolves the moment that an order of this customer is committed: seen in the database itself, so that no proxy, no
 * pool and no service that is being slowed down hides it.
 */
export async function untilSaved(
  { port, password }: { port: number; password: string },
  customerId: string,
  signal: AbortSignal,
): Promise<void> {
  const client = new pg.Client({ host: HOST, port, user: DATABASE_USER, password, database: 'order' })
  // Told by the statement that it breaks.
  client.on('error', () => undefined)
  try {
    await client.connect()
    for (;;) {
      signal.throwIfAborted()
      const { rowCount } = await client.query('SELECT FROM orders WHERE customer_id = $1 LIMIT 1', [customerId])
      if (rowCount !== 0) return
      await sleep(BETWEEN_LOOKS, undefined, { signal })
    }
  } finally {
    await client.end().catch(() => undefined)
  }
}
