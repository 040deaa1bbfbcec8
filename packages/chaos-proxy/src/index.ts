export { ChaosProxyError, type ChaosProxyErrorCode } from './errors.ts'
export type { ChaosEvent, EventListener, StampedEvent } from './events.ts'
export type { Log, LogRecord } from './log.ts'
export { type ChaosProxyOptions, ChaosProxyServer, startChaosProxy } from './server.ts'
