export { type ClientSpan, type ClientTracer, createClientTracer } from './client-tracer.ts'
export { fetchTrace, waitForTrace } from './fetch-trace.ts'
export { type ObservedPool, observePool } from './observe-pool.ts'
export { flushTelemetry, shutdownTelemetry } from './shutdown.ts'
export { readTempoTrace } from './tempo-trace.ts'
export type {
  Attributes,
  AttributeValue,
  Fault,
  LogRecord,
  Span,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanStatus,
  Trace,
} from './trace.ts'
export { renderWaterfall, type WaterfallOptions } from './waterfall/render-waterfall.ts'
