import { context, type Meter, metrics, type Tracer, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricProducer,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { onTestFinished } from 'vitest'

export interface Point {
  attributes: Record<string, unknown>
  value: unknown
}

/** The real SDK for metrics, with an exporter in memory, for one test. */
export function startMetrics(metricProducers: MetricProducer[] = []): {
  meter: Meter
  collect(): Promise<Map<string, Point[]>>
  provider: MeterProvider
} {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000, metricProducers })
  const provider = new MeterProvider({ readers: [reader] })
  onTestFinished(() => provider.shutdown())
  return {
    provider,
    meter: provider.getMeter('test'),
    async collect() {
      exporter.reset()
      await provider.forceFlush()
      const found = new Map<string, Point[]>()
      for (const { scopeMetrics } of exporter.getMetrics())
        for (const { descriptor, dataPoints } of scopeMetrics.flatMap((scope) => scope.metrics))
          found.set(descriptor.name, [
            ...(found.get(descriptor.name) ?? []),
            ...dataPoints.map(({ attributes, value }) => ({ attributes, value })),
          ])
      return found
    },
  }
}

/** The real SDK for traces as the global one, with async contexts, for one test. */
export function startTracing(): { tracer: Tracer; exporter: InMemorySpanExporter } {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(provider)
  onTestFinished(async () => {
    await provider.shutdown()
    trace.disable()
    context.disable()
    metrics.disable()
  })
  return { tracer: trace.getTracer('test'), exporter }
}
