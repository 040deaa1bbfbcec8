import { choose } from '../cli/choose.ts'
import { baseline } from './01-baseline.ts'
import { timeoutExercise } from './02-timeout.ts'
import { retryExercise } from './03-retry.ts'
import { backoffExercise } from './04-backoff.ts'
import { deadlineExercise } from './05-deadline.ts'
import { idempotencyExercise } from './06-idempotency.ts'
import { retryStormExercise } from './07-retry-storm.ts'
import { breakerExercise } from './08-breaker.ts'
import { degradeExercise } from './09-degrade.ts'
import { bulkheadExercise } from './10-bulkhead.ts'
import { outboxExercise } from './11-outbox.ts'
import { gameDayExercise } from './12-game-day.ts'
import type { Exercise } from './exercise.ts'

export type { Exercise, Mistake } from './exercise.ts'

/** The ladder, bottom first; a new exercise is a file, its two folders and a line here. */
export const exercises: readonly Exercise[] = [
  baseline,
  timeoutExercise,
  retryExercise,
  backoffExercise,
  deadlineExercise,
  idempotencyExercise,
  retryStormExercise,
  breakerExercise,
  degradeExercise,
  bulkheadExercise,
  outboxExercise,
  gameDayExercise,
]

/** By id, or by its number alone. @throws UsageError */
export function chooseExercise(text: string): Exercise {
  const wanted = text.padStart(2, '0')
  const found = exercises.find(({ id }) => id === text) ?? exercises.find(({ id }) => id.startsWith(`${wanted}-`))
  return (
    found ??
    choose(
      'exercise',
      text,
      exercises.map((exercise) => ({ ...exercise, name: exercise.id })),
    )
  )
}
