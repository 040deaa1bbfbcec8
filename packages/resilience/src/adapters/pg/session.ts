import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg'
import type { CallContext } from '../../pipeline/context.ts'
import { DatabaseUnavailableError, isConnectionError } from './errors.ts'

/** How long PostgreSQL has to end a statement by its own timeout before the connection is given up. */
const GRACE = 2_000

/**
 * A connection on loan from the pool, for one attempt. It never goes back with a statement running on it: when the
 * attempt is given up it is closed, unless the server's statement timeout ends the statement about now.
 */
export class Session {
  readonly #client: PoolClient
  readonly #context: CallContext
  #timer: ReturnType<typeof setTimeout> | undefined
  #isReleased = false
  #isBroken = false

  private constructor(client: PoolClient, context: CallContext) {
    this.#client = client
    this.#context = context
    // Without a listener, a connection lost between two statements would end the process.
    client.on('error', this.#broken)
    context.signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** @throws DatabaseUnavailableError when there is no connection to be had: nothing was sent */
  static async open(pool: Pool, context: CallContext): Promise<Session> {
    const { signal } = context
    signal.throwIfAborted()
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    const connecting = pool.connect()
    try {
      return new Session(await Promise.race([connecting, aborted]), context)
    } catch (error) {
      // One that comes too late goes back unused.
      connecting.then(
        (client) => client.release(),
        () => {},
      )
      if (signal.aborted) throw signal.reason
      throw isConnectionError(error) ? new DatabaseUnavailableError(error, true) : error
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  get client(): PoolClient {
    return this.#client
  }

  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>> {
    return values === undefined ? this.#client.query<Row>(text) : this.#client.query<Row>(text, [...values])
  }

  /** Of an error on this connection: what the caller should see. */
  explain(error: unknown, repeatable: boolean): unknown {
    if (this.#context.signal.aborted) return this.#context.signal.reason
    if (!isConnectionError(error)) return error
    this.#isBroken = true
    return error instanceof DatabaseUnavailableError ? error : new DatabaseUnavailableError(error, repeatable)
  }

  /** Ends a transaction that failed. A connection that can't is broken. */
  async rollback(): Promise<void> {
    if (this.#isReleased || this.#isBroken) return
    try {
      await this.#client.query('ROLLBACK')
    } catch {
      this.#isBroken = true
    }
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#context.signal.removeEventListener('abort', this.#onAbort)
    if (this.#isReleased) return
    this.#isReleased = true
    this.#client.off('error', this.#broken)
    this.#client.release(this.#isBroken)
  }

  readonly #broken = () => {
    this.#isBroken = true
  }

  readonly #onAbort = () => {
    const { deadline } = this.#context
    const serverEndsIt = deadline !== undefined && Date.now() >= deadline - GRACE
    this.#timer = setTimeout(
      () => {
        this.#isBroken = true
        this.close()
      },
      serverEndsIt ? GRACE : 0,
    )
  }
}
