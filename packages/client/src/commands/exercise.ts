import { join } from 'node:path'
import type { Command } from 'commander'
import { EXIT } from '../cli/errors.ts'
import { parseSeed } from '../cli/numbers.ts'
import { type Context, perform } from '../cli/perform.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { type Kitchen, openStage, withStage } from '../cli/with-stage.ts'
import { chooseExercise, type Exercise } from '../exercises/index.ts'
import { openProgress } from '../learn/progress.ts'
import { scoreboardOf } from '../scoreboard/report-pass.ts'
import { firstOpenExercise } from '../watch/open-exercise.ts'
import type { LearnRequest } from '../watch/request.ts'

interface Options {
  readonly seed: string
  readonly scoreboard?: string
  readonly name?: string
  readonly junit?: string
  readonly json?: boolean
}

/** Begins with the seed that the texts were written with. */
export const FIRST_SEED = 1

export default function exercise(command: Command): void {
  command
    .argument('[id]', 'an exercise, or its number; the first that is not passed by default')
    .option('--seed <number>', 'decides all chance', String(FIRST_SEED))
    .option('--scoreboard <url>', 'tells the facilitator what you passed; with --name')
    .option('--name <name>', 'as whom')
    .option('--junit <file>', 'without a terminal: the checks as JUnit XML, for CI')
    .option('--json', 'one run, as one object on standard output')
    .action(perform<Options, [string | undefined]>(run))
}

async function run(context: Context<Options>, id: string | undefined): Promise<number> {
  const { options } = context
  const scoreboard = scoreboardOf(options)
  const request = {
    seed: parseSeed(options.seed),
    ...(scoreboard !== undefined && { scoreboard }),
    ...(options.junit !== undefined && { junit: options.junit }),
  }
  const chosen = id === undefined ? await nextExercise(context) : chooseExercise(id)
  // The file may be wrong in any way: the kitchen opens with the starting service.
  const starting = join(REPOSITORY, 'services/order/src/place-order.ts')
  return withStage(context, starting, (kitchen) => learn(context, kitchen, chosen, request))
}

/** In a terminal it watches until the person quits; elsewhere it runs once. */
export async function learn(
  context: Context,
  kitchen: Kitchen,
  chosen: Exercise,
  request: LearnRequest,
): Promise<number> {
  const { output } = context
  if (!output.live || !process.stdin.isTTY) {
    const { runExerciseOnce } = await import('../watch/once.ts')
    return runExerciseOnce(context, kitchen, chosen, request)
  }
  const { watchExercise } = await import('../watch/watch.ts')
  output.print('')
  await watchExercise(context, kitchen, chosen, request)
  return EXIT.passed
}

export async function nextExercise(context: Context): Promise<Exercise> {
  const stage = await openStage(context)
  return (await firstOpenExercise(openProgress(stage.home.folder))) ?? chooseExercise('01')
}
