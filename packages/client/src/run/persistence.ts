import { exponential, pipeline, retry } from '@chaos-kitchen/resilience'
import type { AttemptResult } from './attempt.ts'
import type { ClientProfile } from './client-profile.ts'

/** Asks until a success, a refusal that is final, or the end of the client's patience; resolves to the last result. */
export interface Persistence {
  /** @param signal ends the asking; the promise then rejects with its reason */
  keepAsking(attempt: (number: number) => Promise<AttemptResult>, signal: AbortSignal): Promise<AttemptResult>
}

export function persistenceOf({ maxAttempts, orderTimeout, pause }: ClientProfile): Persistence {
  const asking = pipeline('client', [
    retry({
      maxAttempts,
      maxElapsed: orderTimeout,
      backoff: exponential(pause),
      handleResult: (result) => isAttemptResult(result) && result.retryable,
    }),
  ])
  return { keepAsking: (attempt, signal) => asking.execute((context) => attempt(context.attempt), { signal }) }
}

function isAttemptResult(result: unknown): result is AttemptResult {
  return typeof result === 'object' && result !== null && 'retryable' in result
}
