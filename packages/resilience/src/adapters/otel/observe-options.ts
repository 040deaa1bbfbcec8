import type { Meter } from '@opentelemetry/api'

export interface ObserveOptions {
  /** Default: the global one, which is none before the SDK has started. */
  meter?: Meter
  /**
   * True (the default): a histogram of durations, at one record a call. It is what telemetry costs; counters and gauges
   * are read from the pipelines when metrics are collected, and cost the calls nothing.
   */
  durations?: boolean
  /** True (the default): retries, timeouts, rejections and their kin become events of the active span. */
  spanEvents?: boolean
}
