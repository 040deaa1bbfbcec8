/** How long to wait before the next attempt, in milliseconds. Any function will do. */
export type Backoff = (step: BackoffStep) => number

export interface BackoffStep {
  /** The number of the attempt that failed; 1 before the first retry. */
  attempt: number
  /** The delay before this one; 0 before the first. */
  previous: number
  /** What failed: the error, or undefined when a result was refused. */
  error: unknown
  /** From 0 up to 1; seeded where the world is. */
  random(): number
}

/**
 * Spreads the retries of many callers that failed at one moment. With a delay d: `none` waits d, `full` between 0 and d,
 * `equal` between d/2 and d. Source: "Exponential Backoff And Jitter", AWS Architecture Blog.
 */
export type Jitter = 'none' | 'full' | 'equal'

export function spread(delay: number, jitter: Jitter, random: () => number): number {
  if (jitter === 'none') return delay
  return jitter === 'full' ? random() * delay : delay / 2 + (random() * delay) / 2
}
