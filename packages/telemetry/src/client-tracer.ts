import type { Span as ApiSpan, Attributes } from '@opentelemetry/api'
import { atMost } from './at-most.ts'

/** What one order is to its trace: the root, and the attempts under it. */
export interface ClientSpan {
  readonly traceId: string
  readonly spanId: string
  /** W3C Trace Context, to be sent as the header of that name. */
  readonly traceparent: string
  /** One call; attempts of the same parent are siblings. Numbered from 1. */
  attempt(name: string, number: number, attributes?: Attributes): ClientSpan
  event(name: string, attributes?: Attributes): void
  set(attributes: Attributes): void
  /** @param error what went wrong, if anything did; its code, or else its name, becomes `error.type` */
  end(error?: Error): void
}

export interface ClientTracer {
  /** Starts a trace, for example "place order". */
  start(name: string, attributes?: Attributes): ClientSpan
  /** Sends what has ended, within 1 s. Never rejects: without a collector the spans are lost, and nothing else. */
  flush(): Promise<void>
  /** As flush; then nothing more is sent. */
  shutdown(): Promise<void>
}

export interface ClientTracerOptions {
  /** OTLP/HTTP base URL; absent: IDs and `traceparent` as ever, nothing is sent. */
  endpoint?: string
  serviceName: string
}

const LIMIT = 1_000
const BATCH_DELAY = 100

/** A tracer for a program that places orders. Independent of the global OpenTelemetry, and of other tracers. */
export async function createClientTracer({ endpoint, serviceName }: ClientTracerOptions): Promise<ClientTracer> {
  // Loaded when wanted: a command that only prints help must not wait for it.
  const [api, sdk, { resourceFromAttributes }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ])
  const exporter =
    endpoint === undefined
      ? undefined
      : new OTLPTraceExporter({ url: new URL('/v1/traces', endpoint).href, timeoutMillis: LIMIT })
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    sampler: new sdk.AlwaysOnSampler(),
    spanProcessors: exporter ? [new sdk.BatchSpanProcessor({ exporter, scheduledDelayMillis: BATCH_DELAY })] : [],
  })
  const tracer = provider.getTracer(serviceName)

  function wrap(span: ApiSpan): ClientSpan {
    const { traceId, spanId } = span.spanContext()
    const here = api.trace.setSpan(api.ROOT_CONTEXT, span)
    return {
      traceId,
      spanId,
      traceparent: `00-${traceId}-${spanId}-01`,
      attempt: (name, number, attributes = {}) => {
        const resends = number > 1 ? { 'http.request.resend_count': number - 1 } : {}
        const all = { attempt: number, ...resends, ...attributes }
        return wrap(tracer.startSpan(name, { kind: api.SpanKind.CLIENT, attributes: all }, here))
      },
      event: (name, attributes) => void span.addEvent(name, attributes),
      set: (attributes) => void span.setAttributes(attributes),
      end: (error) => {
        if (error) {
          span.setAttribute('error.type', codeOf(error) ?? error.name)
          span.setStatus({ code: api.SpanStatusCode.ERROR, message: error.message })
        }
        span.end()
      },
    }
  }

  return {
    start: (name, attributes = {}) => wrap(tracer.startSpan(name, { root: true, attributes })),
    flush: () => atMost(LIMIT, provider.forceFlush({ timeoutMillis: LIMIT })),
    shutdown: () => atMost(LIMIT, provider.shutdown()),
  }
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
