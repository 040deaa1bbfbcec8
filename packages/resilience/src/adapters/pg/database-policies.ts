import { exponential } from '../../backoff/exponential.ts'
import type { Policy } from '../../pipeline/policy.ts'
import { circuitBreaker } from '../../policies/circuit-breaker/circuit-breaker.ts'
import { retry } from '../../policies/retry/retry.ts'
import { isConnectionError, isRepeatable } from './errors.ts'

/**
 * What a pool gets that was given no pipeline: up to five attempts, for what had no effect; and a circuit breaker that
 * counts lost and refused connections and nothing else. No timeout: deadlines come with the calls.
 */
export function databasePolicies(): readonly Policy[] {
  return [
    retry({ maxAttempts: 5, backoff: exponential({ initial: 20, max: 1_000 }), handleError: isRepeatable }),
    circuitBreaker({ handleError: isConnectionError }),
  ]
}
