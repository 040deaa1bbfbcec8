import type { Command } from 'commander'
import { EXIT, UsageError } from '../cli/errors.ts'
import { openLearner } from '../cli/learner.ts'
import { type Context, perform } from '../cli/perform.ts'
import { chooseExercise, exercises } from '../exercises/index.ts'
import { resetExercise } from '../learn/reset.ts'

interface Options {
  readonly all?: boolean
}

export default function reset(command: Command): void {
  command
    .argument('[id]', 'an exercise, or its number')
    .option('--all', 'every exercise')
    .action(perform<Options, [string | undefined]>(run))
}

async function run(context: Context<Options>, id: string | undefined): Promise<number> {
  const { options, output } = context
  if ((id === undefined) === (options.all !== true))
    throw new UsageError(id === undefined ? 'Which exercise?' : 'One exercise or all of them?', {
      remedy: ['pnpm workshop reset 03', 'pnpm workshop reset --all'],
    })
  const { workspace, home } = await openLearner(context)
  const chosen = id === undefined ? exercises : [chooseExercise(id)]
  output.print('')
  for (const each of chosen) {
    const { changed, backup } = await resetExercise(workspace, home, each.id)
    if (!changed) output.print(` ${each.id}: as it was handed out already`)
    else output.print(` ${each.id}: as it was handed out${backup === undefined ? '' : `; yours is kept in ${backup}`}`)
  }
  output.print('')
  return EXIT.passed
}
