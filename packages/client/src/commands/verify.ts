import { relative, resolve } from 'node:path'
import type { Stage } from '@chaos-kitchen/kitchen'
import type { Command } from 'commander'
import { EXIT, UsageError } from '../cli/errors.ts'
import { parseCount } from '../cli/numbers.ts'
import { type Context, perform } from '../cli/perform.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { withStages } from '../cli/with-stages.ts'
import { chooseExercise, exercises } from '../exercises/index.ts'
import { writeWhole } from '../report/runs.ts'
import { claimRows, faultRows, proofSummary, structureRows } from '../screen/verify.ts'
import { claimsOf } from '../verify/claim.ts'
import { type Journal, openJournal } from '../verify/journal.ts'
import { holds, isKnownAlready, type ProofListener, prove } from '../verify/proof.ts'
import { sittingHere } from '../verify/sitting.ts'
import { proofToMarkdown } from '../verify/table.ts'

interface Options {
  readonly seeds: string
  readonly faults?: boolean | string
  readonly concurrency: string
  readonly resume?: string
  readonly table?: string | true
  readonly json?: boolean
}

export default function verify(command: Command): void {
  command
    .argument('[ids...]', 'some exercises; all of them otherwise')
    .option('--seeds <number>', 'how many seeds, from 1 on', '1')
    .option('--faults [seeds]', 'each fault alone, too: what does it change? On seed 1, so many seeds, or all')
    .option('--no-faults', 'leaves that out; by default it is done on seed 1 where there are several')
    .option('--concurrency <number>', 'so many restaurants side by side, each on free ports', '1')
    .option('--resume <file>', 'notes in it what was found, and does not run again what it says')
    .option('--table [file]', 'writes what was found as Markdown, to docs/verify.md by default')
    .option('--json', 'one object on standard output')
    .action(perform<Options, [readonly string[]]>(run))
}

async function run(context: Context<Options>, ids: readonly string[]): Promise<number> {
  const { options, output, signal } = context
  const seeds = parseCount(options.seeds, '--seeds', 'number of seeds')
  const concurrency = parseCount(options.concurrency, '--concurrency', 'number of restaurants')
  const faultSeeds = parseFaults(options.faults, seeds)
  const wanted = new Set(ids.map(chooseExercise))
  const chosen = ids.length === 0 ? exercises : exercises.filter((exercise) => wanted.has(exercise))
  const [first] = chosen.flatMap((exercise) => claimsOf(exercise, REPOSITORY))
  if (first === undefined) return EXIT.passed
  const journal = options.resume === undefined ? undefined : await journalAt(options.resume)
  const sitting = await sittingHere(REPOSITORY, concurrency)
  const plan = {
    ...{ exercises: chosen, ladder: exercises, seeds, faultSeeds, sitting, repository: REPOSITORY, signal },
    ...(journal && { earlier: journal.earlier }),
  }
  await journal?.add({ sitting })
  const onStages = async (stages: readonly Stage[]) => {
    const proof = await prove(stages, plan, listener(context, ids, journal))
    output.print('', ...proofSummary(proof), '')
    output.result({ seeds, concurrency, passed: holds(proof), ...proof })
    return holds(proof) ? EXIT.passed : EXIT.failed
  }
  if (isKnownAlready(plan)) return onStages([])
  return withStages(context, { count: concurrency, orderService: first.file }, onStages)
}

/** A line for whatever is found; the table anew after each seed, so that a long run leaves one however it ends. */
function listener({ options, output }: Context<Options>, ids: readonly string[], journal?: Journal): ProofListener {
  const { theme, print } = output
  return {
    structure(result) {
      const rows = structureRows(theme, result)
      if (rows.length > 0) print(...rows)
    },
    async claim(claim) {
      print(...claimRows(theme, claim))
      await journal?.add({ claim })
    },
    async faults(faults) {
      print(...faultRows(theme, faults))
      await journal?.add({ faults })
    },
    async settled(proof) {
      if (options.table === undefined) return
      const file = options.table === true ? resolve(REPOSITORY, 'docs/verify.md') : fileOf(options.table)
      await writeWhole(file, proofToMarkdown(proof, commandOf(options, ids)))
      output.note(`written to ${relative(REPOSITORY, file)}`)
    },
  }
}

/** On how many seeds each fault is run alone. */
function parseFaults(faults: boolean | string | undefined, seeds: number): number {
  if (faults === undefined) return seeds > 1 ? 1 : 0
  if (typeof faults === 'boolean') return faults ? 1 : 0
  return faults === 'all' ? seeds : Math.min(seeds, parseCount(faults, '--faults', 'number of seeds'))
}

async function journalAt(name: string): Promise<Journal> {
  try {
    return await openJournal(fileOf(name))
  } catch {
    throw new UsageError(`${name} holds something else than what verify found.`, {
      meaning: 'Whoever goes on from a file writes to it, so it must be one that verify wrote.',
      remedy: ['--resume FILE    a file that is not there yet, or one of an earlier run'],
    })
  }
}

/** As a person would type it again. */
function commandOf({ seeds, faults, concurrency }: Options, ids: readonly string[]): string {
  return [
    ...['verify', ...ids, '--seeds', seeds],
    ...(typeof faults === 'string' ? ['--faults', faults] : faults ? ['--faults'] : []),
    ...(concurrency === '1' ? [] : ['--concurrency', concurrency]),
    '--table',
  ].join(' ')
}

function fileOf(name: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), name)
}
