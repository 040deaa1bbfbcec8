import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Database } from '../database/database.ts'
import { type Migration, migrate } from '../database/migrate.ts'

const FIRST_PAUSE = 100
const LONGEST_PAUSE = 1_000
/** An attempt that got no answer is given up: the next one may take another way. */
const ATTEMPT_TIMEOUT = 10_000

/** Migrates as soon as PostgreSQL is there: tries again until it worked or `signal` aborts. */
export async function startDatabase(
  database: Database,
  migrations: Migration[],
  log: FastifyBaseLogger,
  signal: AbortSignal,
): Promise<void> {
  for (let pause = FIRST_PAUSE; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      await migrate(database, migrations, AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_TIMEOUT)]))
      return
    } catch (error) {
      if (signal.aborted) return
      log.warn({ err: error }, 'database not ready yet')
      await sleep(pause, undefined, { signal }).catch(() => undefined)
    }
  }
}
