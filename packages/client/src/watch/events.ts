import type { Exercise } from '../exercises/index.ts'
import type { Hints } from '../learn/hints.ts'
import type { ExerciseProgress } from '../learn/progress.ts'
import type { RunEvent } from '../run/events.ts'
import type { Verdict } from '../run/verdict.ts'
import type { Mistake } from './mistake.ts'

/** Everything that may happen while an exercise is watched. `at` is in milliseconds, on one monotonic clock. */
export type WatchEvent =
  | { readonly type: 'opened'; readonly exercise: OpenedExercise; readonly seed: number }
  | { readonly type: 'saved' }
  | { readonly type: 'seeded'; readonly seed: number }
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'tick'; readonly at: number }
  | { readonly type: 'started'; readonly run: number; readonly at: number }
  | { readonly type: 'serving'; readonly run: number; readonly at: number }
  | { readonly type: 'run'; readonly run: number; readonly event: RunEvent }
  | { readonly type: 'mistake'; readonly run: number; readonly mistake: Mistake }
  | { readonly type: 'verdict'; readonly run: number; readonly verdict: Verdict; readonly line: number | undefined }
  /** `stays` over the save that it tells of. */
  | { readonly type: 'notice'; readonly text: string; readonly stays?: boolean }
  | {
      readonly type: 'page'
      readonly title: string
      readonly lines: readonly string[]
      /** A person's own changes: from there d leads to the solution. */
      readonly changes?: boolean
    }

/** An exercise with all that is shown of it. */
export interface OpenedExercise {
  readonly exercise: Exercise
  readonly hints: Hints
  readonly progress: ExerciseProgress
  /** Of the whole ladder, in its order. */
  readonly ladder: readonly { readonly id: string; readonly point: string; readonly passed: boolean }[]
  /** As a person would type it. */
  readonly file: string
  readonly solution: string
}

/** What the world is asked to do. */
export type Effect =
  | { readonly do: 'run'; readonly run: number; readonly seed: number }
  | { readonly do: 'cancel' }
  | { readonly do: 'open'; readonly id: string }
  | { readonly do: 'keep hint'; readonly invariant: string; readonly level: number }
  | { readonly do: 'new seed' | 'edit' | 'changes' | 'solution' | 'trace' | 'reset' | 'quit' | 'interrupt' }
