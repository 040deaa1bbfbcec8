import { type ErrorDetails, type ErrorOrigin, ResilienceError } from './resilience-error.ts'

/** `timeout`: no outcome within `limit` milliseconds. */
export class TimeoutError extends ResilienceError {
  readonly limit: number

  constructor(origin: ErrorOrigin, limit: number) {
    super('TIMEOUT', `${origin.pipeline}: no outcome within ${limit} ms (${origin.policy})`, origin)
    this.limit = limit
  }
}

/** The deadline that the caller gave to `execute` has passed, or would before anything could come of it. */
export class DeadlineExceededError extends ResilienceError {
  /** Epoch milliseconds. */
  readonly deadline: number

  constructor(origin: ErrorOrigin, deadline: number) {
    super('DEADLINE_EXCEEDED', `${origin.pipeline}: the caller's deadline has passed`, origin)
    this.deadline = deadline
  }
}

/** `circuitBreaker`: open, or half-open with all of its trial calls taken, or isolated by hand. */
export class CircuitOpenError extends ResilienceError {
  constructor(origin: ErrorOrigin, state: 'open' | 'half-open' | 'isolated', details: ErrorDetails = {}) {
    super('CIRCUIT_OPEN', `${origin.pipeline}: ${CIRCUIT_MESSAGES[state]} (${origin.policy})`, origin, details)
  }
}

const CIRCUIT_MESSAGES = {
  open: 'the circuit is open after too many failures',
  'half-open': 'the circuit is half-open and all of its trial calls are under way',
  isolated: 'the circuit was opened by hand',
}

/** `bulkhead`: all places and the queue are taken, or the wait in the queue took too long. */
export class BulkheadFullError extends ResilienceError {
  constructor(origin: ErrorOrigin, why: string, details: ErrorDetails = {}) {
    super('BULKHEAD_FULL', `${origin.pipeline}: ${why} (${origin.policy})`, origin, details)
  }
}

/** `adaptiveLimit`: as many calls are in flight as the limit allows just now. */
export class LimitReachedError extends ResilienceError {
  constructor(origin: ErrorOrigin, limit: number, details: ErrorDetails = {}) {
    super(
      'LIMIT_REACHED',
      `${origin.pipeline}: the limit of ${limit} calls in flight is reached (${origin.policy})`,
      origin,
      details,
    )
  }
}

/** `rateLimit`: no permit now, nor within the longest wait. */
export class RateLimitedError extends ResilienceError {
  constructor(origin: ErrorOrigin, retryAfter: number) {
    super('RATE_LIMITED', `${origin.pipeline}: the rate limit is reached (${origin.policy})`, origin, { retryAfter })
  }
}

/** `throttle`: the callee accepts so little that this call was not even sent. */
export class ThrottledError extends ResilienceError {
  constructor(origin: ErrorOrigin, probability: number) {
    const share = Math.round(probability * 100)
    super(
      'THROTTLED',
      `${origin.pipeline}: ${share} % of calls are held back while the callee recovers (${origin.policy})`,
      origin,
    )
  }
}

/** `shed`: there is too much load for a call of this priority. */
export class ShedError extends ResilienceError {
  constructor(origin: ErrorOrigin, priority: string, details: ErrorDetails = {}) {
    super(
      'SHED',
      `${origin.pipeline}: calls of priority ${priority} are shed under this load (${origin.policy})`,
      origin,
      details,
    )
  }
}

/** `inject`: the error that it makes when it is given none. */
export class InjectedError extends ResilienceError {
  constructor(origin: ErrorOrigin) {
    super('INJECTED', `${origin.pipeline}: an injected error (${origin.policy})`, origin)
  }
}

for (const type of [
  TimeoutError,
  DeadlineExceededError,
  CircuitOpenError,
  BulkheadFullError,
  LimitReachedError,
  RateLimitedError,
  ThrottledError,
  ShedError,
  InjectedError,
  ResilienceError,
])
  Object.defineProperty(type.prototype, 'name', { value: type.name, configurable: true, writable: true })
