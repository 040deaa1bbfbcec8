import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Span } from '@opentelemetry/api'

/**
 * Says on a server's span that its client had gone before the reply was sent, for example because it timed out. Without
 * it such a span looks like any other: status 200, which nobody ever got.
 */
export function markClosedByClient(span: Span, response: IncomingMessage | ServerResponse): void {
  if ('writableFinished' in response && response.writableFinished === false)
    span.setAttribute('error.type', 'ClientClosedRequest')
}
