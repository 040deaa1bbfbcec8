import { type BatchObservableResult, type Meter, metrics } from '@opentelemetry/api'
import { OptionTable } from '../../options/option-table.ts'
import { aName, anObject } from '../../options/rules.ts'
import { type PoolNumbers, poolMetrics } from '../pg/pool-metrics.ts'

export interface ObservePoolOptions {
  /** What the pool is called in the metrics, for example the service and its database. */
  name: string
  /** Default: the global one. */
  meter?: Meter
}

/**
 * Exports a `pg.Pool` under the names of OpenTelemetry's semantic conventions: `db.client.connection.count` by state,
 * `db.client.connection.pending_requests` and `db.client.connection.max`, read when metrics are collected.
 *
 * @returns a function that ends it
 */
export function observePool(pool: PoolNumbers, options: ObservePoolOptions): () => void {
  const { name, meter = metrics.getMeter('@chaos-kitchen/resilience') } = OPTIONS.create(options)
  const count = meter.createObservableUpDownCounter('db.client.connection.count', { unit: '{connection}' })
  const pending = meter.createObservableUpDownCounter('db.client.connection.pending_requests', { unit: '{request}' })
  const max = meter.createObservableUpDownCounter('db.client.connection.max', { unit: '{connection}' })
  const all = [count, pending, max]
  const collect = (result: BatchObservableResult) => {
    const numbers = poolMetrics(pool)
    const attributes = { 'db.client.connection.pool.name': name }
    result.observe(count, numbers.idle, { ...attributes, 'db.client.connection.state': 'idle' })
    result.observe(count, numbers.used, { ...attributes, 'db.client.connection.state': 'used' })
    result.observe(pending, numbers.waiting, attributes)
    result.observe(max, numbers.max, attributes)
  }
  meter.addBatchObservableCallback(collect, all)
  return () => meter.removeBatchObservableCallback(collect, all)
}

const OPTIONS = new OptionTable<ObservePoolOptions, 'meter'>('observePool', {
  name: { rule: aName, required: true },
  meter: { rule: anObject, default: undefined },
})
