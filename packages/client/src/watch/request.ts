import type { Scoreboard } from '../scoreboard/report-pass.ts'

/** How a person wants to learn. */
export interface LearnRequest {
  readonly seed: number
  /** Told of each exercise that is passed. */
  readonly scoreboard?: Scoreboard
  /** Without a terminal: a file for the checks as JUnit XML. */
  readonly junit?: string
}
