import type { Command } from 'commander'
import { EXIT, UsageError } from '../cli/errors.ts'
import { type Learner, openLearner } from '../cli/learner.ts'
import { type Context, perform } from '../cli/perform.ts'
import { chooseExercise, type Exercise } from '../exercises/index.ts'
import { hintedInvariant, readHints } from '../learn/hints.ts'
import { lastRun } from '../report/runs.ts'
import { paragraph } from '../screen/layout.ts'

interface Options {
  readonly level?: string
}

export default function hint(command: Command): void {
  command
    .argument('<id>', 'an exercise, or its number')
    .option('--level <number>', 'from 1, a nudge, to 3, nearly the answer; the next one by default')
    .action(perform<Options, [string]>(run))
}

async function run(context: Context<Options>, id: string): Promise<number> {
  const { output, options } = context
  const exercise = chooseExercise(id)
  const learner = await openLearner(context)
  const hints = await readHints(learner.workspace.filesOf(exercise.id).hints)
  const invariant = hintedInvariant(hints, await failedLast(learner, exercise))
  if (invariant === undefined) throw new UsageError(`There are no hints for ${exercise.id}.`)
  const texts = hints.get(invariant) ?? []
  const told = (await learner.progress.of(exercise.id)).hints?.[invariant] ?? 0
  const level = options.level === undefined ? Math.min(told + 1, texts.length) : levelOf(options.level, texts.length)
  await learner.progress.change(exercise.id, (before) => ({
    ...before,
    hints: { ...before.hints, [invariant]: Math.max(level, told) },
  }))
  output.print(
    '',
    ` ${output.theme.accent(`hint ${level} of ${texts.length}, for "${invariant}"`)}`,
    ...paragraph(output.theme, texts[level - 1] ?? '', 3),
    '',
  )
  return EXIT.passed
}

/** What failed when it ran last; before the first run, what it fails on as it was handed out. */
async function failedLast({ home }: Learner, { id, battery, failsOn }: Exercise): Promise<readonly string[]> {
  const run = await lastRun(home)
  const failed = run?.battery === battery.name ? run.invariants.filter(({ passed }) => !passed) : []
  if (failed.length > 0) return failed.map(({ name }) => name)
  return failsOn.length > 0 ? failsOn : [id]
}

function levelOf(text: string, most: number): number {
  const level = Number(text)
  if (Number.isInteger(level) && level >= 1 && level <= most) return level
  throw new UsageError(`"${text}" is no level.`, { remedy: [`--level 1    up to ${most}`] })
}
