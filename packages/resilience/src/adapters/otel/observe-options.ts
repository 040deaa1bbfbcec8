import type { Meter } from '@opentelemetry/api'

export interface ObserveOptions {
  /** Default: the global one, which is none before the SDK has started. */
  meter?: Meter
  /**
   * How long calls took. `counters` (the default): counted by the library, in the buckets of a histogram, and read when
   * metrics are collected. `histogram`: a histogram of the SDK, at one record a call, which costs more than the call.
   * `none`: left out, as where `durationsProducer` makes the histogram.
   */
  durations?: Durations
  /** True (the default): retries, timeouts, rejections and their kin become events of the active span. */
  spanEvents?: boolean
}

export type Durations = 'counters' | 'histogram' | 'none'
