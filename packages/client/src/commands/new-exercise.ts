import type { Command } from 'commander'
import { EXIT } from '../cli/errors.ts'
import { type Context, perform } from '../cli/perform.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { chooseExercise } from '../exercises/index.ts'
import { type Scaffold, scaffoldExercise } from '../new-exercise/scaffold.ts'

interface Options {
  readonly from: string
  readonly json?: boolean
}

export default function newExercise(command: Command): void {
  command
    .argument('<name>', 'as slow-tuesday; its number is the next that is free')
    .option('--from <id>', 'the exercise that it is a copy of, to begin with', '02-timeout')
    .option('--json', 'one object on standard output')
    .action(perform<Options, [string]>(run))
}

async function run({ options, output }: Context<Options>, name: string): Promise<number> {
  const model = chooseExercise(options.from)
  const scaffold = await scaffoldExercise(REPOSITORY, name, model)
  output.print('', ...nextSteps(scaffold, model.id), '')
  output.result(scaffold)
  return EXIT.passed
}

function nextSteps({ id, made, importLine, entry }: Scaffold, model: string): string[] {
  return [
    ` ${id} is a working copy of ${model}:`,
    ...made.map((path) => `   ${path}`),
    '',
    ' Put it on the ladder, with two lines in packages/client/src/exercises/index.ts:',
    `   ${importLine}`,
    `   ${entry}`,
    '',
    ' Then change it: the faults and checks first, the solution, the mistakes, the texts last.',
    ' What does not fit any more is told by',
    `   pnpm workshop verify ${id.slice(0, 2)} --faults`,
  ]
}
