import { join } from 'node:path'
import type { Command } from 'commander'
import { EXIT, UsageError } from '../cli/errors.ts'
import { openLearner } from '../cli/learner.ts'
import { type Context, perform } from '../cli/perform.ts'
import { compareVersions } from '../diff/compare.ts'
import { comparisonPage } from '../diff/page.ts'
import { renderComparison } from '../diff/render.ts'
import { versionsOf } from '../diff/versions.ts'
import { chooseExercise } from '../exercises/index.ts'
import { writeWhole } from '../learn/write-whole.ts'
import { mayBeSeen } from './solution.ts'

interface Options {
  readonly mine?: boolean
  readonly web?: boolean
  readonly yes?: boolean
}

export default function diff(command: Command): void {
  command
    .argument('<id>', 'an exercise, or its number')
    .option('--mine', 'what you changed since it was handed out; otherwise your file and the solution')
    .option('--web', 'as a page: what you changed and, without --mine, the solution')
    .option('--yes', 'shows the solution before you have passed, without asking')
    .action(perform<Options, [string]>(run))
}

async function run(context: Context<Options>, id: string): Promise<number> {
  const { output, options } = context
  const exercise = chooseExercise(id)
  const learner = await openLearner(context)
  const { workspace, home } = learner
  if (!options.mine && !(await mayBeSeen(context, exercise, learner, options.yes === true))) return EXIT.passed
  const { shipped, mine, solution } = await versionsOf(workspace, home, exercise.id)
  if (options.mine && shipped === undefined)
    throw new UsageError('How the file was handed out is not known here.', {
      meaning: 'It is taken from git, or from the copy of the first start; there is neither.',
    })
  if (options.web) {
    const page = join(home, 'diff', `${exercise.id}.html`)
    await writeWhole(page, comparisonPage(exercise.id, { shipped, mine, ...(!options.mine && { solution }) }))
    output.print('', ` ${page}`, '')
    return EXIT.passed
  }
  const comparison =
    options.mine && shipped !== undefined ? compareVersions(shipped, mine) : compareVersions(mine, solution)
  output.print('', ...renderComparison(output.theme, comparison, process.stdout.columns || output.theme.width), '')
  return EXIT.passed
}
