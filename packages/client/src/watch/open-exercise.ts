import { type Exercise, exercises } from '../exercises/index.ts'
import { readHints } from '../learn/hints.ts'
import { isPassed, type Progress } from '../learn/progress.ts'
import type { Workspace } from '../learn/workspace.ts'
import type { OpenedExercise } from './events.ts'

/** An exercise with its hints, and how far this person has come. */
export async function openExercise(
  exercise: Exercise,
  workspace: Workspace,
  progress: Progress,
): Promise<OpenedExercise> {
  const files = workspace.filesOf(exercise.id)
  const known = await progress.all()
  return {
    exercise,
    hints: await readHints(files.hints),
    progress: known[exercise.id] ?? {},
    ladder: exercises.map(({ id, point }) => ({ id, point, passed: isPassed(known[id]) })),
    file: workspace.shown(files.mine),
    solution: workspace.shown(files.solutionReadme),
  }
}

/** The first that has not been passed; the last one when all are. */
export async function firstOpenExercise(progress: Progress): Promise<Exercise | undefined> {
  const known = await progress.all()
  return exercises.find(({ id }) => !isPassed(known[id])) ?? exercises.at(-1)
}
