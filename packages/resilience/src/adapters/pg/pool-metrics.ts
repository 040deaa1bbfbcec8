/** The part of `pg.Pool` that is measured. */
export interface PoolNumbers {
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
  readonly options: { readonly max?: number | undefined }
}

export interface PoolMetrics {
  /** Connections, and how many of them are idle and in use. */
  total: number
  idle: number
  used: number
  /** Calls that wait for a connection. */
  waiting: number
  /** Connections at most. */
  max: number
}

/** Read from the pool as it is now, so that the numbers can't drift from it as counted events do. */
export function poolMetrics(pool: PoolNumbers): PoolMetrics {
  const { totalCount, idleCount, waitingCount, options } = pool
  return {
    total: totalCount,
    idle: idleCount,
    used: totalCount - idleCount,
    waiting: waitingCount,
    max: options.max ?? 10,
  }
}
