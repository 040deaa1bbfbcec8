import type { BatchObservableResult, Meter } from '@opentelemetry/api'
import type { ObservablePipeline } from '../../pipeline/pipeline.ts'
import { createInstruments, type Instruments } from './instruments.ts'
import { readNumbers } from './read-numbers.ts'

/**
 * Everything that pipelines count by themselves, read when metrics are collected.
 *
 * @returns a function that ends it
 */
export function exportNumbers(meter: Meter, pipelines: () => Iterable<ObservablePipeline>): () => void {
  const instruments: Instruments = createInstruments(meter)
  const all = Object.values(instruments)
  const collect = (result: BatchObservableResult) => {
    for (const { metric, value, attributes } of readNumbers(pipelines()))
      result.observe(instruments[metric], value, attributes)
  }
  meter.addBatchObservableCallback(collect, all)
  return () => meter.removeBatchObservableCallback(collect, all)
}
