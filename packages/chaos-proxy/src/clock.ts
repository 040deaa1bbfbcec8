/** Where time comes from: the only file that reads a clock or sets a timer for a toxic. */
export interface Clock {
  /** Milliseconds since some fixed moment, with fractions. */
  now(): number
  /** Runs `task` once `time` has come; the function that it returns calls that off. */
  at(time: number, task: () => void): () => void
}

/** Node's timers hold at most 2^31 - 1 ms; a longer wait is asked for again when that has passed. */
const LONGEST = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => performance.now(),
  at(time, task) {
    const timer = setTimeout(task, Math.min(LONGEST, Math.max(0, Math.ceil(time - performance.now()))))
    return () => clearTimeout(timer)
  },
}
