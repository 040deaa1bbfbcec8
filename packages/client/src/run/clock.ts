/** Time since a moment, in milliseconds; monotonic. */
export interface RunClock {
  /** When the run began. */
  readonly startedAt: Date
  now(): number
}

export function startClock(): RunClock {
  const origin = performance.now()
  return { startedAt: new Date(), now: () => performance.now() - origin }
}
