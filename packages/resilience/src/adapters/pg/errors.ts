/**
 * The database could not be reached, or the connection was lost before it answered.
 */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError'
  readonly code = 'DATABASE_UNAVAILABLE'
  /**
   * True: nothing took effect, or the caller said that twice is as good as once. False: whether the statement, or the
   * COMMIT, took effect is unknown.
   */
  readonly repeatable: boolean

  constructor(cause: unknown, repeatable: boolean) {
    const outcome = repeatable ? '' : '; whether the statement took effect is unknown'
    super(`The database is not available: ${messageOf(cause)}${outcome}`, { cause })
    this.repeatable = repeatable
  }
}

/** 40001 and 40P01: PostgreSQL ended the transaction for another's sake and asks that all of it be run again. */
export function isSerializationFailure(error: unknown): boolean {
  const code = codeOf(error)
  return code === '40001' || code === '40P01'
}

/** For `handleError` of a retry: the transaction had no effect, and another try may well succeed. */
export function isRepeatable(error: unknown): boolean {
  return error instanceof DatabaseUnavailableError ? error.repeatable : isSerializationFailure(error)
}

/** For `handleError` of a circuit breaker: says something about the way to the server, nothing about the statement. */
export function isConnectionError(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError) return true
  if (error instanceof AggregateError) return error.errors.some(isConnectionError)
  const code = codeOf(error)
  if (code !== undefined && (UNAVAILABLE_STATES.test(code) || UNAVAILABLE_CODES.has(code))) return true
  return error instanceof Error && UNAVAILABLE_MESSAGES.test(error.message)
}

/** 08: connection exceptions; 53300: too many connections; 57P0x: shutdown, crash, start-up; 25P03: idle too long. */
const UNAVAILABLE_STATES = /^(08...|53300|57P0[1235]|25P03)$/
const UNAVAILABLE_CODES = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])
/** `pg` gives its own connection errors no code. */
const UNAVAILABLE_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Client was closed)/

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message || (codeOf(cause) ?? cause.name) : String(cause)
}
