import type { Battery } from '../batteries/index.ts'

/**
 * A step of the ladder. Its texts and the file to edit are in `exercises/ID/`, its solution in `solutions/ID/`; what
 * puts them to the test is here.
 */
export interface Exercise {
  /** Name of its folders, as `02-timeout`; the number alone is enough to call it. */
  readonly id: string
  /** What it teaches, in one line. */
  readonly point: string
  /** The question to answer before the first run. */
  readonly predict: string
  /** What was learnt, in one line, once it is green. */
  readonly learnt: string
  /** Its faults, orders and invariants; every invariant has a section of hints in `hints.md`. */
  readonly battery: Battery
  /** The invariants that the exercise fails as it is handed out; it may fail more of them, never fewer. */
  readonly failsOn: readonly string[]
  readonly mistakes: readonly Mistake[]
}

/** What people typically write first: a whole implementation in `exercises/ID/mistakes/NAME.ts`. */
export interface Mistake {
  readonly name: string
  /** The invariant that tells it apart. */
  readonly failsOn: string
  /** Further invariants whose failure follows from it. */
  readonly explains?: readonly string[]
}
