import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg'
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino'
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { envDetector, serviceInstanceIdDetector } from '@opentelemetry/resources'
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs'
import { AggregationType, PeriodicExportingMetricReader, type ViewOptions } from '@opentelemetry/sdk-metrics'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace'
import { register } from 'import-in-the-middle/register-hooks.mjs'
import { setRunningTelemetry } from '../shutdown.ts'
import { markClosedByClient } from './closed-by-client.ts'
import { metricErrorNames, spanErrorNames } from './error-names.ts'
import { watchFastify } from './fastify.ts'
import { ResendCounter } from './resend-counter.ts'

/** Health checks, and the routes that the kitchen's own checks use. */
const UNTRACED = /^\/(health|test)\//
/** A trace can be looked up within a second of its last span. */
const BATCH_DELAY = 300
const METRIC_INTERVAL = 5_000
/** An export gives up before it could pile up behind the next, or hold a process that wants to end. */
const EXPORT_TIMEOUT = 1_000
const QUEUE = 8_192

/** instrumentation-pg counts pool events and drifts (idle −1); `observePool` publishes the same names, read off the pool. */
const withoutCountedPools: ViewOptions = {
  meterName: '@opentelemetry/instrumentation-pg',
  instrumentName: 'db.client.connection.*',
  aggregation: { type: AggregationType.DROP },
}

/**
 * Starts tracing, metrics and logs of this process; endpoint and service name come from the standard `OTEL_*`
 * variables. Exports run in the background from bounded queues: with the collector away the newest are dropped,
 * nothing is logged, and no request waits.
 */
export function startTelemetry(): void {
  register({ include: ['pg', 'pg-pool', 'pino', 'http', 'node:http', 'https', 'node:https'] })
  const resends = new ResendCounter()
  resends.start()
  const batch = { scheduledDelayMillis: BATCH_DELAY, exportTimeoutMillis: EXPORT_TIMEOUT, maxQueueSize: QUEUE }
  const exporter = { timeoutMillis: EXPORT_TIMEOUT }
  const spans = new BatchSpanProcessor({ ...batch, exporter: new OTLPTraceExporter(exporter) })
  const logs = new BatchLogRecordProcessor({ ...batch, exporter: new OTLPLogExporter(exporter) })
  const metrics = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(exporter),
    exportIntervalMillis: METRIC_INTERVAL,
    exportTimeoutMillis: EXPORT_TIMEOUT,
  })
  const sdk = new NodeSDK({
    resourceDetectors: [envDetector, serviceInstanceIdDetector],
    spanProcessors: [spanErrorNames, spans],
    logRecordProcessors: [logs],
    metricReaders: [metrics],
    views: [withoutCountedPools, metricErrorNames],
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: ({ url = '' }) => UNTRACED.test(url),
        applyCustomAttributesOnSpan: (span, _request, response) => markClosedByClient(span, response),
      }),
      new UndiciInstrumentation({
        startSpanHook: (request) => resends.attributesOf(request),
        requestHook: (span, request) => resends.sent(span, request),
        responseHook: (_, { request, response }) => resends.answered(request, response.statusCode),
      }),
      // A poll in the background is no trace of its own.
      new PgInstrumentation({ requireParentSpan: true }),
      new PinoInstrumentation(),
      new RuntimeNodeInstrumentation(),
    ],
  })
  sdk.start()
  watchFastify()
  const flush = () => Promise.all([spans.forceFlush(), logs.forceFlush(), metrics.forceFlush()])
  setRunningTelemetry({ flush, shutdown: () => sdk.shutdown() })
}
