/** What the breaker knows of the callee's recent calls. Counts only; whether that is bad, the circuit decides. */
export interface Health {
  record(now: number, failed: boolean, slow: boolean): void
  /** A call that is counted already, as a slow one, has failed after all. */
  recordLate(now: number): void
  /** The counts as of now. */
  read(now: number): HealthCounts
  reset(): void
}

export interface HealthCounts {
  calls: number
  failures: number
  slow: number
  /** Failures since the last success. */
  consecutiveFailures: number
}
