import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api'

/** The trace of just now, as it travels (W3C Trace Context); undefined where there is none. */
export function currentTraceparent(): string | undefined {
  const carrier: { traceparent?: string } = {}
  propagation.inject(context.active(), carrier)
  return carrier.traceparent
}

/** Runs `work` as a part of the trace that it belongs to, unless it is a part of one already. */
export function continueTrace<T>(traceparent: string | undefined, work: () => T): T {
  if (traceparent === undefined || trace.getActiveSpan()) return work()
  return context.with(propagation.extract(ROOT_CONTEXT, { traceparent }), work)
}
