import type pg from 'pg'
import { type Connection, PooledConnection, type StatementOptions } from './pooled-connection.ts'

/** A pool whose statements and transactions can be aborted. */
export class Database implements Connection {
  readonly pool: pg.Pool

  constructor(pool: pg.Pool) {
    this.pool = pool
  }

  async query<Row extends pg.QueryResultRow>(
    text: string,
    values?: unknown[],
    { signal }: StatementOptions = {},
  ): Promise<Row[]> {
    const connection = await PooledConnection.checkOut(this.pool, signal)
    try {
      return await connection.query<Row>(text, values)
    } finally {
      connection.release()
    }
  }

  /**
   * BEGIN, `work`, COMMIT on one connection; ROLLBACK when `work` throws. Statements that `work` sends without waiting
   * for one another travel in one round trip.
   * @throws DatabaseUnavailableError also when the connection is lost at COMMIT: then the outcome is unknown
   */
  async transaction<T>(work: (connection: Connection) => Promise<T>, { signal }: StatementOptions = {}): Promise<T> {
    const connection = await PooledConnection.checkOut(this.pool, signal)
    try {
      return await runTransaction(connection, work)
    } finally {
      connection.release()
    }
  }
}

async function runTransaction<T>(
  connection: PooledConnection,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  // Not awaited: it travels with the first statement of `work`. A failure of it is thrown by whatever follows.
  const begun = connection.query('BEGIN')
  begun.catch(() => undefined)
  try {
    const result = await work(connection)
    await begun
    const { command } = await connection.run('COMMIT')
    // PostgreSQL answers COMMIT with ROLLBACK, and no error, when a statement had failed and nobody said so.
    if (command !== 'COMMIT') throw new Error('The transaction was rolled back: one of its statements had failed.')
    return result
  } catch (error) {
    // The first error is the one to tell. A connection that can't roll back is broken, and closed at its release.
    await connection.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}
