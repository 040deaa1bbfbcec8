import type { SpanProcessor } from '@opentelemetry/sdk-trace'

/** `DOMException.TIMEOUT_ERR`: what `AbortSignal.timeout()` leaves in `error.type` of an undici span. */
const TIMEOUT_CODE = 23

/** Replaces the number by the name that a person knows. */
export const errorNames: SpanProcessor = {
  onStart: () => undefined,
  onEnding: (span) => {
    if (span.attributes['error.type'] === TIMEOUT_CODE) span.setAttribute('error.type', 'TimeoutError')
  },
  onEnd: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
}
