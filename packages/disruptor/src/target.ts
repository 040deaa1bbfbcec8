/**
 * Something that can be stopped and started again: a child process today, a container tomorrow. The disruptor knows
 * nothing else of it.
 */
export interface Target {
  /** Unique among the targets of a stage: `order`, `menu`, `loyalty`, `postgres`. */
  readonly name: string
  /** False for what must never be disturbed; proxies and telemetry are never eligible. */
  readonly eligible: boolean
  /** What the target is doing now. */
  state(): Promise<TargetState>
  /** Asks it to end, and waits until it has (SIGTERM; for PostgreSQL a fast shutdown). */
  stop(): Promise<void>
  /** Ends it at once (SIGKILL), without a chance to clean up. */
  kill(): Promise<void>
  /** Freezes it (SIGSTOP): connections stay open and nothing answers. */
  pause(): Promise<void>
  /** Ends a pause. A target that is not paused is left alone. */
  resume(): Promise<void>
  /** Starts it again. A running target is left alone. */
  start(): Promise<void>
  /** Resolves once it serves again; rejects when `signal` aborts first. */
  ready(signal: AbortSignal): Promise<void>
}

export type TargetState = 'running' | 'paused' | 'stopped'

export type DisruptionKind = 'stop' | 'kill' | 'pause' | 'restart'
