import { atMost } from './at-most.ts'

/** What a running telemetry set-up can be asked to do. */
export interface RunningTelemetry {
  /** Exports what is pending and goes on. */
  flush(): Promise<unknown>
  /** Exports what is pending and ends. */
  shutdown(): Promise<unknown>
}

const LIMIT = 1_000

let running: RunningTelemetry | undefined

/** Called once by the start-up in `register`. */
export function setRunningTelemetry(telemetry: RunningTelemetry): void {
  running = telemetry
}

/**
 * Exports pending spans, metrics and logs, then ends telemetry for this process. To be awaited as the last step of a
 * graceful stop. Resolves within 1 s even when the collector is away, never rejects, may be called twice, and does
 * nothing where telemetry is off.
 */
export async function shutdownTelemetry(): Promise<void> {
  const ending = running
  running = undefined
  if (ending) await atMost(LIMIT, ending.shutdown())
}

/** Exports what is pending, within 1 s, and leaves telemetry running. */
export async function flushTelemetry(): Promise<void> {
  if (running) await atMost(LIMIT, running.flush())
}
