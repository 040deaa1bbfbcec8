import type { Database } from './database.ts'

/** One step of a schema. Steps are applied in their order, each once; one that was released never changes. */
export interface Migration {
  id: string
  sql: string
}

/** The same number in every process, so that two that start at once don't migrate at once. */
const ADVISORY_LOCK = 7_203_571

/** Applies what is missing, all in one transaction: after a failure nothing is half done. */
export async function migrate(database: Database, migrations: Migration[], signal: AbortSignal): Promise<void> {
  await database.transaction(
    async (connection) => {
      await connection.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK])
      await connection.query(
        'CREATE TABLE IF NOT EXISTS migrations (id text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
      )
      const applied = await connection.query<{ id: string }>('SELECT id FROM migrations')
      const done = new Set(applied.map((row) => row.id))
      for (const { id, sql } of migrations.filter((migration) => !done.has(migration.id))) {
        await connection.query(sql)
        await connection.query('INSERT INTO migrations (id) VALUES ($1)', [id])
      }
    },
    { signal },
  )
}
