/**
 * What every rejection by a policy is an instance of. Errors of the protected function pass through as they are, and
 * a caller that cancels gets its own reason back.
 */
export class ResilienceError extends Error {
  /** Stable and made for programs: `TIMEOUT`, `CIRCUIT_OPEN`, … */
  readonly code: ErrorCode
  /** The pipeline's name. */
  readonly pipeline: string
  /** The policy's name; its kind (`timeout`, `circuitBreaker`, …) unless given one. */
  readonly policy: string
  /** In how many milliseconds another call may fare better, where known. */
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, message: string, origin: ErrorOrigin, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.pipeline = origin.pipeline
    this.policy = origin.policy
    this.retryAfter = details.retryAfter
  }

  /** True when the protected function was never called for it: the policy turned the call away. */
  get rejected(): boolean {
    return this.code !== 'TIMEOUT' && this.code !== 'DEADLINE_EXCEEDED' && this.code !== 'INJECTED'
  }
}

export type ErrorCode =
  | 'TIMEOUT'
  | 'DEADLINE_EXCEEDED'
  | 'CIRCUIT_OPEN'
  | 'BULKHEAD_FULL'
  | 'LIMIT_REACHED'
  | 'RATE_LIMITED'
  | 'THROTTLED'
  | 'SHED'
  | 'INJECTED'

export interface ErrorOrigin {
  pipeline: string
  policy: string
}

export interface ErrorDetails {
  retryAfter?: number
  cause?: unknown
}
