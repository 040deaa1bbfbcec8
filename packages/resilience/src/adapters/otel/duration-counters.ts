import type { BatchObservableResult, Meter } from '@opentelemetry/api'
import type { EventListener } from '../../telemetry/events.ts'
import { DurationCells } from './duration-cells.ts'
import { BOUNDARIES } from './durations.ts'
import { ATTRIBUTES, METRICS } from './names.ts'

/**
 * Durations as two counters, read when metrics are collected: the API has no histogram that is read.
 *
 * @returns a function that ends it
 */
export function exportDurationCounters(meter: Meter, subscribe: (listener: EventListener) => () => void): () => void {
  const cells = new DurationCells()
  const buckets = meter.createObservableCounter(METRICS.durationBucket, {
    unit: '{call}',
    description: 'Calls through a pipeline that took at most `le` seconds, with all attempts and waits',
  })
  const sum = meter.createObservableCounter(METRICS.durationSum, {
    unit: 's',
    description: 'How long calls through a pipeline took in all',
  })
  const collect = (result: BatchObservableResult) => {
    for (const cell of cells) {
      const attributes = { [ATTRIBUTES.pipeline]: cell.pipeline, [ATTRIBUTES.outcome]: cell.outcome }
      result.observe(sum, cell.sum, attributes)
      let calls = 0
      for (const [index, count] of cell.counts.entries()) {
        calls += count
        result.observe(buckets, calls, { ...attributes, [ATTRIBUTES.upTo]: String(BOUNDARIES[index] ?? '+Inf') })
      }
    }
  }
  meter.addBatchObservableCallback(collect, [buckets, sum])
  const unsubscribe = subscribe(cells.listener)
  return () => {
    unsubscribe()
    meter.removeBatchObservableCallback(collect, [buckets, sum])
  }
}
