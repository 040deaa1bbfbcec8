import { metrics } from '@opentelemetry/api'

/** The part of `pg.Pool` that is measured. */
export interface ObservedPool {
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
  readonly options: { readonly max?: number | undefined }
}

const POOL_NAME = 'db.client.connection.pool.name'
const STATE = 'db.client.connection.state'

/**
 * Publishes a connection pool as `db.client.connection.count` (by state `idle` and `used`),
 * `db.client.connection.pending_requests` and `db.client.connection.max`, the names of OpenTelemetry's semantic
 * conventions. The numbers are read from the pool when metrics are collected, so they can't drift from it, as those
 * that count events do. Does nothing where telemetry is off.
 *
 * @param name what the pool is called in the metrics, for example the service and its database
 * @returns a function that ends the observation
 */
export function observePool(pool: ObservedPool, name: string): () => void {
  const meter = metrics.getMeter('@chaos-kitchen/telemetry')
  const count = meter.createObservableUpDownCounter('db.client.connection.count', { unit: '{connection}' })
  const pending = meter.createObservableUpDownCounter('db.client.connection.pending_requests', { unit: '{request}' })
  const max = meter.createObservableUpDownCounter('db.client.connection.max', { unit: '{connection}' })
  const observed = [count, pending, max]
  const read: Parameters<typeof meter.addBatchObservableCallback>[0] = (result) => {
    result.observe(count, pool.idleCount, { [POOL_NAME]: name, [STATE]: 'idle' })
    result.observe(count, pool.totalCount - pool.idleCount, { [POOL_NAME]: name, [STATE]: 'used' })
    result.observe(pending, pool.waitingCount, { [POOL_NAME]: name })
    if (pool.options.max !== undefined) result.observe(max, pool.options.max, { [POOL_NAME]: name })
  }
  meter.addBatchObservableCallback(read, observed)
  return () => meter.removeBatchObservableCallback(read, observed)
}
