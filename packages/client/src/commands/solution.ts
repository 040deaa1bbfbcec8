import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import inquirer from 'inquirer'
import { EXIT, UsageError } from '../cli/errors.ts'
import { type Learner, openLearner } from '../cli/learner.ts'
import { type Context, perform } from '../cli/perform.ts'
import { chooseExercise, type Exercise } from '../exercises/index.ts'
import { replaceWithBackup } from '../learn/backup.ts'
import { isPassed } from '../learn/progress.ts'

interface Options {
  readonly apply?: boolean
  readonly yes?: boolean
}

export default function solution(command: Command): void {
  command
    .argument('<id>', 'an exercise, or its number')
    .option('--apply', 'puts it in place of your file, which is backed up first')
    .option('--yes', 'shows it before you have passed, without asking')
    .action(perform<Options, [string]>(run))
}

async function run(context: Context<Options>, id: string): Promise<number> {
  const { output, options } = context
  const exercise = chooseExercise(id)
  const learner = await openLearner(context)
  if (!(await mayBeSeen(context, exercise, learner, options.yes === true))) return EXIT.passed
  const files = learner.workspace.filesOf(exercise.id)
  const code = await readFile(files.solution, 'utf8').catch(() => {
    throw new UsageError(`There is no ${learner.workspace.shown(files.solution)}.`)
  })
  if (options.apply) {
    const backup = await replaceWithBackup({ file: files.mine, home: learner.home, id: exercise.id }, code)
    const kept = backup === undefined ? '' : `; yours is kept in ${backup}`
    output.print('', ` ${learner.workspace.shown(files.mine)} is the solution now${kept}`, '')
    return EXIT.passed
  }
  const readme = await readFile(files.solutionReadme, 'utf8').catch(() => '')
  output.print('', ` ${learner.workspace.shown(files.solution)}`, '', code.trimEnd(), '', readme.trimEnd(), '')
  return EXIT.passed
}

/** Once it is passed, or when somebody insists. @throws UsageError where nobody can be asked */
export async function mayBeSeen(
  { output }: Pick<Context, 'output'>,
  { id }: Exercise,
  { progress }: Pick<Learner, 'progress'>,
  yes: boolean,
): Promise<boolean> {
  if (yes || isPassed(await progress.of(id))) return true
  if (!output.live || !process.stdin.isTTY)
    throw new UsageError(`${id} is not passed yet.`, {
      meaning: 'Its solution is shown after that, or to whoever insists.',
      remedy: [`pnpm workshop hint ${id.slice(0, 2)}    a hint first`, '--yes    shows it nevertheless'],
    })
  const message = `${id} is not passed yet. Show its solution?`
  const { sure } = await inquirer.prompt([{ type: 'confirm', name: 'sure', message, default: false }])
  return sure
}
