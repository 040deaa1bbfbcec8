/** How much a store keeps. What is oldest goes first. */
export interface Limits {
  spans: number
  /** Of one trace; what comes later of it is dropped. */
  spansPerTrace: number
  logs: number
  /** Series of metrics, each with its latest value. */
  series: number
  faults: number
  /** Size of the file. */
  bytes: number
}

export const DISK_LIMITS: Limits = {
  spans: 200_000,
  spansPerTrace: 5_000,
  logs: 100_000,
  series: 5_000,
  faults: 2_000,
  bytes: 512 * 1024 * 1024,
}

/** While the disk can't be written. */
export const MEMORY_LIMITS: Limits = {
  ...DISK_LIMITS,
  spans: 20_000,
  logs: 10_000,
  bytes: 64 * 1024 * 1024,
}
