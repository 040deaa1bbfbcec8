export { type ObservedPool, observePool } from './observe-pool.ts'
export { flushTelemetry, shutdownTelemetry } from './shutdown.ts'
