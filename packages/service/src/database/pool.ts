import pg from 'pg'

export interface PoolOptions {
  connectionString: string
  applicationName: string
  /** Connections at most; default 10. */
  max?: number
  /** Told of connections that break while nobody uses them. The pool replaces them: news, not a failure. */
  onIdleError: (error: Error) => void
}

/** How long a transaction may sit idle before PostgreSQL ends it: a client that vanished must not hold its locks. */
const IDLE_IN_TRANSACTION = 5_000
/** How long getting a connection may take, waiting for a free one included. */
const CONNECTION_TIMEOUT = 5_000

export function createPool({ connectionString, applicationName, max = 10, onIdleError }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    application_name: applicationName,
    max,
    connectionTimeoutMillis: CONNECTION_TIMEOUT,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
    options: noticeVanishedClients(),
    keepAlive: true,
    pipeline: true,
  })
  // Without a listener, an idle connection that breaks ends the process.
  pool.on('error', onIdleError)
  return pool
}

/**
 * By default PostgreSQL notices that a client is gone only when it answers it: a statement that waits or runs for long
 * would keep its locks until then. It can look every so often, but not on Windows, where the setting is an error.
 */
function noticeVanishedClients(): string {
  return process.platform === 'win32' ? '' : '-c client_connection_check_interval=500ms'
}

/** Numbers of a pool, as `GET /health/ready` tells them. */
export interface PoolNumbers {
  total: number
  idle: number
  waiting: number
  max: number
}

export function poolNumbers(pool: pg.Pool): PoolNumbers {
  return { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount, max: pool.options.max }
}
