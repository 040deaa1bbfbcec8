import { relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { EXIT } from '../cli/errors.ts'
import { parseCount } from '../cli/numbers.ts'
import { type Context, perform } from '../cli/perform.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { withStage } from '../cli/with-stage.ts'
import { chooseExercise, exercises } from '../exercises/index.ts'
import { writeWhole } from '../report/runs.ts'
import { claimRows, faultRows, proofSummary, structureRows } from '../screen/verify.ts'
import { claimsOf } from '../verify/claim.ts'
import { holds, type ProofListener, prove } from '../verify/proof.ts'
import { proofToMarkdown, thisMachine } from '../verify/table.ts'

interface Options {
  readonly seeds: string
  readonly faults?: boolean
  readonly table?: string | true
  readonly json?: boolean
}

export default function verify(command: Command): void {
  command
    .argument('[id]', 'one exercise; all of them otherwise')
    .option('--seeds <number>', 'how many seeds, from 1 on', '1')
    .option('--faults', 'each fault alone, too: what does it change? (by default with several seeds)')
    .option('--no-faults', 'leaves that out')
    .option('--table [file]', 'writes what was found as Markdown, to docs/verify.md by default')
    .option('--json', 'one object on standard output')
    .action(perform<Options, [string | undefined]>(run))
}

async function run(context: Context<Options>, id: string | undefined): Promise<number> {
  const { options, output, signal } = context
  const seeds = parseCount(options.seeds, '--seeds')
  const chosen = id === undefined ? exercises : [chooseExercise(id)]
  const [first] = chosen.flatMap((exercise) => claimsOf(exercise, REPOSITORY))
  if (first === undefined) return EXIT.passed
  const faults = options.faults ?? seeds > 1
  const plan = { exercises: chosen, ladder: exercises, seeds, faults, repository: REPOSITORY, signal }
  return withStage(context, first.file, async ({ stage }) => {
    const proof = await prove(stage, plan, listener(context, seeds))
    output.print('', ...proofSummary(proof), '')
    output.result({ seeds, passed: holds(proof), ...proof })
    return holds(proof) ? EXIT.passed : EXIT.failed
  })
}

/** A line for whatever is found; the table anew after each seed, so that a long run leaves one however it ends. */
function listener({ options, output }: Context<Options>, seeds: number): ProofListener {
  const { theme, print } = output
  const circumstances = { startedAt: new Date(), seeds, machine: thisMachine() }
  return {
    structure: (result) => {
      const rows = structureRows(theme, result)
      if (rows.length > 0) print(...rows)
    },
    claim: (result) => print(...claimRows(theme, result)),
    fault: (finding) => print(...faultRows(theme, finding)),
    async settled(proof) {
      if (options.table === undefined) return
      const file = tableFile(options.table)
      await writeWhole(file, proofToMarkdown(proof, circumstances))
      output.note(`written to ${relative(REPOSITORY, file)}`)
    },
  }
}

function tableFile(table: string | true): string {
  return table === true ? resolve(REPOSITORY, 'docs/verify.md') : resolve(process.env.INIT_CWD ?? process.cwd(), table)
}
