import { isTransient } from '../../outcome/is-transient.ts'
import type { Policy } from '../../pipeline/policy.ts'
import { circuitBreaker } from '../../policies/circuit-breaker/circuit-breaker.ts'
import { retry } from '../../policies/retry/retry.ts'
import { timeout } from '../../policies/timeout/timeout.ts'

/**
 * What a request gets that was given no policies: 30 s in all, up to three attempts of 10 s each until the headers are
 * there, and a circuit breaker around the attempts. Only what `isTransient` names is retried and counted: a refused or
 * broken connection, a timeout, and the statuses 408, 425, 429 and 5xx except 501.
 */
export function httpPolicies(): readonly Policy[] {
  return [
    timeout({ limit: 30_000, name: 'total timeout' }),
    retry({ handleError: isTransient }),
    circuitBreaker({ handleError: isTransient }),
    timeout({ limit: 10_000, name: 'attempt timeout' }),
  ]
}
