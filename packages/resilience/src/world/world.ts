/**
 * Everything that the library takes from outside: time, timers and chance. A pipeline gets the system's world unless
 * told otherwise; tests give it a virtual one (`@chaos-kitchen/resilience/testing`).
 */
export interface World {
  /** Milliseconds on a clock that never jumps. Its zero means nothing. */
  now(): number
  /** Milliseconds since 1970. Only for what leaves the process: deadlines, HTTP dates, snapshots. */
  epoch(): number
  /** A number from 0 up to but not including 1. */
  random(): number
  /**
   * Calls back once after `delay` milliseconds.
   *
   * @param background true: the timer alone does not keep the process alive
   */
  setTimer(delay: number, callback: () => void, background?: boolean): Timer
  /** Calls back whenever the process is about to end for want of work. */
  onIdle(callback: () => void): void
}

export interface Timer {
  cancel(): void
}
