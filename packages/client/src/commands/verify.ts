import type { Command } from 'commander'
import { EXIT } from '../cli/errors.ts'
import { parseCount } from '../cli/numbers.ts'
import { type Context, perform } from '../cli/perform.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { withStage } from '../cli/with-stage.ts'
import { chooseExercise, exercises } from '../exercises/index.ts'
import { row } from '../screen/layout.ts'
import type { Theme } from '../screen/theme.ts'
import { type Claim, claimsOf, type Finding } from '../verify/claim.ts'
import { verifyClaim } from '../verify/verify-claim.ts'

interface Options {
  readonly seeds: string
  readonly json?: boolean
}

export default function verify(command: Command): void {
  command
    .argument('[id]', 'one exercise; all of them otherwise')
    .option('--seeds <number>', 'how many seeds, from 1 on', '1')
    .option('--json', 'one object on standard output')
    .action(perform<Options, [string | undefined]>(run))
}

async function run(context: Context<Options>, id: string | undefined): Promise<number> {
  const { options, output } = context
  const seeds = parseCount(options.seeds, '--seeds')
  const chosen = id === undefined ? exercises : [chooseExercise(id)]
  const claims = chosen.flatMap((exercise) => claimsOf(exercise, REPOSITORY))
  const [first] = claims
  if (first === undefined) return EXIT.passed
  return withStage(context, first.file, async ({ stage }) => {
    const results = []
    for (let seed = 1; seed <= seeds; seed++)
      for (const claim of claims) {
        const { finding, ms } = await verifyClaim(stage, claim, seed, context.signal)
        output.print(lineOf(output.theme, claim, seed, finding, ms))
        results.push({ exercise: claim.exercise.id, role: claim.role, name: claim.name, seed, ms, ...finding })
      }
    const wrong = results.filter(({ holds }) => !holds)
    output.print('', ` ${results.length - wrong.length} of ${results.length} claims hold.`, '')
    output.result({ seeds, passed: wrong.length === 0, results })
    return wrong.length === 0 ? EXIT.passed : EXIT.failed
  })
}

function lineOf(theme: Theme, { exercise, name }: Claim, seed: number, finding: Finding, ms: number): string {
  const { pass, fail } = theme.glyphs
  return row(theme, [
    { text: finding.holds ? pass : fail, width: 2, paint: finding.holds ? theme.pass : theme.fail },
    { text: exercise.id, width: 16 },
    { text: name, width: 24 },
    { text: `seed ${seed}`, width: 8, paint: theme.dim },
    { text: `${(ms / 1_000).toFixed(1)} s`, width: 7, align: 'right' },
    { text: `  ${finding.problem ?? (finding.failed.join(', ') || 'passed')}`, paint: theme.dim },
  ])
}
