export type AttributeValue = string | number | boolean | null | AttributeValue[] | { [key: string]: AttributeValue }
export type Attributes = Record<string, AttributeValue>

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'
export type SpanStatus = 'unset' | 'ok' | 'error'

export interface SpanEvent {
  /** Milliseconds since the epoch, with fractions. */
  time: number
  name: string
  attributes: Attributes
}

export interface SpanLink {
  traceId: string
  spanId: string
}

/** One span as store, page and terminal know it, whatever it was sent as. IDs are lower-case hex. */
export interface Span {
  traceId: string
  spanId: string
  /** Absent for a root. */
  parentSpanId?: string
  service: string
  name: string
  kind: SpanKind
  /** Milliseconds since the epoch, with fractions. */
  start: number
  /** Milliseconds. */
  duration: number
  status: SpanStatus
  statusMessage?: string
  attributes: Attributes
  events: SpanEvent[]
  links: SpanLink[]
}

/** Trouble that was made on purpose, to be drawn over the traces of that moment. */
export interface Fault {
  id: string
  /** For example `latency`, `reply-lost`, `stop`. */
  kind: string
  /** The hop or process it hits. */
  target: string
  /** Milliseconds since the epoch. */
  from: number
  /** Absent while it lasts. */
  to?: number
  /** In words, for a person. */
  label: string
}

export interface Trace {
  traceId: string
  /** At least one; in no particular order. */
  spans: Span[]
  /** Those whose time overlaps the trace's. */
  faults: Fault[]
}

/** One log record that was written within a trace, or without one. */
export interface LogRecord {
  traceId?: string
  spanId?: string
  /** Milliseconds since the epoch. */
  time: number
  service: string
  severity: string
  body: string
  attributes: Attributes
}

/** First start and last end of the spans, in milliseconds since the epoch. */
export function traceBounds(spans: readonly Span[]): { start: number; end: number } {
  let start = Number.POSITIVE_INFINITY
  let end = Number.NEGATIVE_INFINITY
  for (const span of spans) {
    start = Math.min(start, span.start)
    end = Math.max(end, span.start + span.duration)
  }
  return spans.length === 0 ? { start: 0, end: 0 } : { start, end }
}
