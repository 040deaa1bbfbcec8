import type { Exercise } from '../exercises/index.ts'
import type { Progress } from '../learn/progress.ts'
import { keepRun } from '../report/runs.ts'
import { passReporter, type Scoreboard } from '../scoreboard/report-pass.ts'
import { type AttemptWorld, attemptExercise } from './attempt.ts'
import { busyNotice, withLateness } from './busy.ts'
import type { WatchEvent } from './events.ts'
import type { Mistake } from './mistake.ts'

/** Runs of one exercise after another: a new one cancels the one before, whose events then come no more. */
export interface Attempts {
  start(exercise: Exercise, run: number, seed: number): void
  cancel(): void
  /** Resolves once nothing runs. */
  settled(): Promise<void>
}

export interface LearnerWorld extends AttemptWorld {
  readonly progress: Progress
  /** Told of what is passed, where somebody wants that. */
  readonly scoreboard: Scoreboard | undefined
}

export function attemptsOn(
  world: LearnerWorld,
  dispatch: (event: WatchEvent) => void,
  onDefect: (error: unknown) => void,
): Attempts {
  let present = new AbortController()
  let last: Promise<void> = Promise.resolve()
  const tellBoard = world.scoreboard && passReporter(world.scoreboard)

  async function attempt(exercise: Exercise, run: number, seed: number, signal: AbortSignal): Promise<void> {
    const at = () => performance.now()
    const tell = (event: WatchEvent) => void (signal.aborted || dispatch(event))
    tell({ type: 'started', run, at: at() })
    const listener = {
      serving: () => tell({ type: 'serving', run, at: at() }),
      run: (event: Extract<WatchEvent, { type: 'run' }>['event']) => tell({ type: 'run', run, event }),
      mistake: (mistake: Mistake) => tell({ type: 'mistake', run, mistake }),
    }
    const { result, late } = await withLateness(() => attemptExercise(world, { exercise, seed, signal }, listener))
    if ('mistake' in result) return tell({ type: 'mistake', run, ...result })
    const { verdict } = result
    await keepRun(world.home, verdict)
    await world.progress.change(exercise.id, (before) => ({
      ...before,
      runs: (before.runs ?? 0) + 1,
      ...(verdict.passed && before.passedAt === undefined && { passedAt: new Date().toISOString() }),
    }))
    tell({ type: 'verdict', run, ...result })
    const busy = verdict.passed ? undefined : busyNotice(late)
    if (busy !== undefined) tell({ type: 'notice', text: busy })
    if (!verdict.passed || tellBoard === undefined) return
    const problem = await tellBoard(exercise.id)
    tell({ type: 'notice', text: problem ?? 'The scoreboard knows.' })
  }

  return {
    start(exercise, run, seed) {
      present.abort(new Error('another run was asked for'))
      present = new AbortController()
      const { signal } = present
      last = last.then(async () => {
        if (signal.aborted) return
        await attempt(exercise, run, seed, signal).catch((error) => {
          if (!signal.aborted) onDefect(error)
        })
      })
    },
    cancel: () => present.abort(new Error('the exercise was left')),
    settled: () => last,
  }
}
