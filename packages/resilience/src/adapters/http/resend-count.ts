import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * How often the request that is just being sent was sent before: 0, or the number of the retry. For the span attribute
 * `http.request.resend_count` of OpenTelemetry's semantic conventions; see `resendAttributes` of the otel adapter.
 */
export function resendCount(): number {
  return resends.getStore() ?? 0
}

/** @param attempt 1 for the first; which costs nothing */
export function sendAsAttempt<T>(attempt: number, send: () => T): T {
  return attempt > 1 ? resends.run(attempt - 1, send) : send()
}

const resends = new AsyncLocalStorage<number>()
