import { createNoopMeter, metrics, ProxyTracerProvider, trace } from '@opentelemetry/api'
import { OptionTable } from '../../options/option-table.ts'
import { aBoolean, anObject, oneOf } from '../../options/rules.ts'
import type { ObservablePipeline } from '../../pipeline/pipeline.ts'
import type { EventListener } from '../../telemetry/events.ts'
import { telemetry } from '../../telemetry/hub.ts'
import { exportDurationCounters } from './duration-counters.ts'
import { recordDurations } from './durations.ts'
import { exportNumbers } from './numbers.ts'
import type { ObserveOptions } from './observe-options.ts'
import { addSpanEvent } from './span-events.ts'

/**
 * Exports every pipeline of the process, those still to be made too. Call it once, after OpenTelemetry's SDK has started:
 * where there is no SDK it does nothing, and calls go on without any cost.
 *
 * @returns a function that ends it
 */
export function observeEveryPipeline(options: ObserveOptions = {}): () => void {
  return observe(telemetry, options)
}

/** Exports one pipeline. Not together with `observeEveryPipeline`, or its durations and span events come twice. */
export function observePipeline(pipeline: ObservablePipeline, options: ObserveOptions = {}): () => void {
  return observe({ pipelines: () => [pipeline], subscribe: (listener) => pipeline.subscribe(listener) }, options)
}

interface Source {
  pipelines(): Iterable<ObservablePipeline>
  subscribe(listener: EventListener): () => void
}

function observe(source: Source, options: ObserveOptions): () => void {
  const { meter = metrics.getMeter('@chaos-kitchen/resilience'), durations, spanEvents } = OPTIONS.create(options)
  const ends: (() => void)[] = []
  if (meter !== createNoopMeter()) {
    ends.push(exportNumbers(meter, () => source.pipelines()))
    if (durations === 'counters') ends.push(exportDurationCounters(meter, (listener) => source.subscribe(listener)))
    if (durations === 'histogram') ends.push(source.subscribe(recordDurations(meter)))
  }
  if (spanEvents && hasTracing()) ends.push(source.subscribe(addSpanEvent))
  return () => {
    for (const end of ends.splice(0)) end()
  }
}

const OPTIONS = new OptionTable<ObserveOptions, 'meter'>('observe', {
  meter: { rule: anObject, default: undefined },
  durations: { rule: oneOf('counters', 'histogram', 'none'), default: 'counters' },
  spanEvents: { rule: aBoolean, default: true },
})

/** Listening has its price, so nobody listens where there will never be a span. */
function hasTracing(): boolean {
  const provider = trace.getTracerProvider()
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('probe') !== undefined
}
