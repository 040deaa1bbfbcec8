import { AggregationType, type ViewOptions } from '@opentelemetry/sdk-metrics'
import type { SpanProcessor } from '@opentelemetry/sdk-trace'

/**
 * `DOMException.TIMEOUT_ERR`: what `AbortSignal.timeout()` leaves as `error.type` of undici's spans and metrics. It is
 * replaced by the name that a person knows.
 */
const TIMEOUT_CODE = 23
const TIMEOUT_NAME = 'TimeoutError'

export const spanErrorNames: SpanProcessor = {
  onStart: () => undefined,
  onEnding: (span) => {
    if (span.attributes['error.type'] === TIMEOUT_CODE) span.setAttribute('error.type', TIMEOUT_NAME)
  },
  onEnd: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
}

export const metricErrorNames: ViewOptions = {
  meterName: '@opentelemetry/instrumentation-undici',
  instrumentName: 'http.client.request.duration',
  aggregation: { type: AggregationType.DEFAULT },
  attributesProcessors: [
    {
      process: (attributes) =>
        attributes['error.type'] === TIMEOUT_CODE ? { ...attributes, 'error.type': TIMEOUT_NAME } : attributes,
    },
  ],
}
