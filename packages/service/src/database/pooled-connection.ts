import type pg from 'pg'
import { DatabaseUnavailableError, isConnectionError } from './errors.ts'

export interface StatementOptions {
  /** Aborting ends the statement by closing its connection: PostgreSQL rolls back what was not committed. */
  signal?: AbortSignal | undefined
}

export interface Connection {
  /** @throws DatabaseUnavailableError, or the error of the statement as `pg` gives it. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[], options?: StatementOptions): Promise<Row[]>
}

/**
 * A connection on loan from the pool. It never goes back with a statement running on it: once cut by a signal or by
 * an error it is closed.
 */
export class PooledConnection implements Connection {
  readonly #client: pg.PoolClient
  readonly #signal: AbortSignal | undefined
  #broken = false

  private constructor(client: pg.PoolClient, signal: AbortSignal | undefined) {
    this.#client = client
    this.#signal = signal
    // Without a listener, losing the connection between two statements of a transaction would end the process.
    client.on('error', this.#cut)
    signal?.addEventListener('abort', this.#cut, { once: true })
  }

  static async checkOut(pool: pg.Pool, signal: AbortSignal | undefined): Promise<PooledConnection> {
    return new PooledConnection(await connect(pool, signal), signal)
  }

  async query<Row extends pg.QueryResultRow>(
    text: string,
    values?: unknown[],
    options?: StatementOptions,
  ): Promise<Row[]> {
    return (await this.run<Row>(text, values, options)).rows
  }

  async run<Row extends pg.QueryResultRow>(
    text: string,
    values?: unknown[],
    { signal }: StatementOptions = {},
  ): Promise<pg.QueryResult<Row>> {
    signal?.throwIfAborted()
    signal?.addEventListener('abort', this.#cut, { once: true })
    try {
      return await this.#client.query<Row>(text, values)
    } catch (error) {
      signal?.throwIfAborted()
      this.#signal?.throwIfAborted()
      if (!isConnectionError(error)) throw error
      this.#broken = true
      throw new DatabaseUnavailableError(error)
    } finally {
      signal?.removeEventListener('abort', this.#cut)
    }
  }

  /** Back to the pool, or closed where it is not fit for use any more. */
  release(): void {
    this.#signal?.removeEventListener('abort', this.#cut)
    this.#client.off('error', this.#cut)
    this.#client.release(this.#broken)
  }

  readonly #cut = () => {
    this.#broken = true
    this.#client.connection.stream.destroy()
  }
}

/** Waits for a connection no longer than the signal allows; one that comes later goes back to the pool unused. */
async function connect(pool: pg.Pool, signal: AbortSignal | undefined): Promise<pg.PoolClient> {
  signal?.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  const connecting = pool.connect()
  try {
    return await Promise.race([connecting, aborted])
  } catch (error) {
    connecting.then(
      (client) => client.release(),
      () => undefined,
    )
    signal?.throwIfAborted()
    throw isConnectionError(error) ? new DatabaseUnavailableError(error) : error
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}
