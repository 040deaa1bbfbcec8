import { ResilienceError } from '../errors/resilience-error.ts'

/**
 * For `handleError`: is this an error that may be gone the next time? Timeouts, broken and refused connections, replies
 * of status 408, 425, 429 and 5xx except 501, and PostgreSQL's serialization failures, deadlocks and shutdowns. Knows
 * errors by `status` or `statusCode`, and by `code`, their own or their cause's.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof ResilienceError) return !error.rejected && error.code !== 'DEADLINE_EXCEEDED'
  if (typeof error !== 'object' || error === null) return false
  const status = 'status' in error ? error.status : 'statusCode' in error ? error.statusCode : undefined
  if (typeof status === 'number') return TRANSIENT_STATUS.has(status) || (status >= 500 && status !== 501)
  if ('name' in error && error.name === 'TimeoutError') return true
  if ('code' in error && typeof error.code === 'string' && isTransientCode(error.code)) return true
  return 'cause' in error && error.cause !== error && isTransient(error.cause)
}

const TRANSIENT_STATUS = new Set([408, 425, 429])

function isTransientCode(code: string): boolean {
  return NETWORK_CODES.has(code) || POSTGRES_CODES.test(code)
}

const NETWORK_CODES = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
])

/** Connection exceptions, serialization failure, deadlock, too many connections, shutdown and start-up. */
const POSTGRES_CODES = /^(08\d{3}|40001|40P01|53300|57P0[123])$/
