export { type DurationsProducer, durationsProducer } from './durations-producer.ts'
export {
  ATTRIBUTES,
  METRICS,
  SPAN_EVENTS,
} from './names.ts'
export { observeEveryPipeline, observePipeline } from './observe.ts'
export type { Durations, ObserveOptions } from './observe-options.ts'
export { type ObservePoolOptions, observePool } from './observe-pool.ts'
export { resendAttributes } from './resend-attributes.ts'
