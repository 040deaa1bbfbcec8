/**
 * The database could not be reached, or went away before it answered. Whether a statement that was on its way took
 * effect is unknown: repeat only what is safe to repeat.
 */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError'
  /** SQLSTATE connection_failure, whatever it was in detail: every classifier of errors knows it as transient. */
  readonly code = '08006'

  constructor(cause: unknown) {
    super(`The database is not available: ${cause instanceof Error ? cause.message || codeOf(cause) : cause}`, {
      cause,
    })
  }
}

/** SQLSTATE classes and codes that mean "no connection": 08 connection, 57P0x shutdown, 53300 too many connections. */
const UNAVAILABLE_STATES = /^(08...|57P0[123]|53300|25P03)$/
const UNAVAILABLE_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'])
/** `pg` gives its own connection errors no code. */
const UNAVAILABLE_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end)/

/** True for errors of `pg` and of the socket that say nothing about the statement, only about the way to the server. */
export function isConnectionError(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isConnectionError)
  const code = codeOf(error)
  if (code !== undefined && (UNAVAILABLE_STATES.test(code) || UNAVAILABLE_CODES.has(code))) return true
  return error instanceof Error && UNAVAILABLE_MESSAGES.test(error.message)
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return undefined
}
