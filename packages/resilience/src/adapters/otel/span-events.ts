import { type Attributes, trace } from '@opentelemetry/api'
import { ResilienceError } from '../../errors/resilience-error.ts'
import type { ResilienceEvent } from '../../telemetry/events.ts'
import { ATTRIBUTES, SPAN_EVENTS } from './names.ts'

/** Listeners run in the async context of the call, so the active span is the call's. */
export function addSpanEvent(event: ResilienceEvent): void {
  if (event.type === 'execution' || isFreshCache(event)) return
  const span = trace.getActiveSpan()
  if (span === undefined || !span.isRecording()) return
  span.addEvent(SPAN_EVENTS[event.type], {
    [ATTRIBUTES.pipeline]: event.pipeline,
    [ATTRIBUTES.policy]: event.policy,
    ...detailsOf(event),
  })
}

/** Hits and misses are many, and no news. */
function isFreshCache(event: ResilienceEvent): boolean {
  return event.type === 'cache' && (event.result === 'hit' || event.result === 'miss')
}

function detailsOf(event: Exclude<ResilienceEvent, { type: 'execution' }>): Attributes {
  switch (event.type) {
    case 'retry':
      return {
        [ATTRIBUTES.attempt]: event.attempt,
        [ATTRIBUTES.delay]: event.delay / 1_000,
        ...errorType(event.error),
      }
    case 'give-up':
      return { [ATTRIBUTES.attempt]: event.attempts, [ATTRIBUTES.reason]: event.reason, ...errorType(event.error) }
    case 'rejection':
    case 'fallback':
      return errorType(event.error)
    case 'state':
      return { [ATTRIBUTES.from]: event.from, [ATTRIBUTES.to]: event.to, [ATTRIBUTES.reason]: event.reason }
    case 'limit':
      return { [ATTRIBUTES.from]: event.from, [ATTRIBUTES.to]: event.to }
    case 'hedge':
      return { [ATTRIBUTES.attempt]: event.attempt, [ATTRIBUTES.reason]: event.action }
    case 'cache':
      return { [ATTRIBUTES.reason]: event.result }
    case 'injected':
      return { [ATTRIBUTES.reason]: event.fault }
    case 'timeout':
    case 'coalesced':
      return {}
  }
}

function errorType(error: unknown): Attributes {
  if (error instanceof ResilienceError) return { [ATTRIBUTES.error]: error.code }
  return error instanceof Error ? { [ATTRIBUTES.error]: error.name } : {}
}
