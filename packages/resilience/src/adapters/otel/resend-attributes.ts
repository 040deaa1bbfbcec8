import type { Attributes } from '@opentelemetry/api'
import { resendCount } from '../http/resend-count.ts'

/**
 * `http.request.resend_count` of the request that is just being sent, where it was sent before. For the hook of undici's
 * instrumentation: `new UndiciInstrumentation({ startSpanHook: resendAttributes })`.
 */
export function resendAttributes(): Attributes {
  const count = resendCount()
  return count === 0 ? {} : { 'http.request.resend_count': count }
}
