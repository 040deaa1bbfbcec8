import type { Lab } from '../support/lab.ts'

/** One thing that a Toxiproxy server does. */
export interface Check {
  readonly number: number
  readonly title: string
  run(lab: Lab): Promise<void>
}

export const check = (number: number, title: string, run: (lab: Lab) => Promise<void>): Check => ({
  number,
  title,
  run,
})

/** How much earlier than due something may seem to be: two clocks' rounding. */
export const EARLY = 5

/** How late something may be on a busy machine. */
export const LATE = 2_500
