import type { Command } from 'commander'
import { EXIT } from '../cli/errors.ts'
import { perform } from '../cli/perform.ts'

/** What is announced and not built yet says so, whatever it is asked. */
export default function coming(command: Command): void {
  command
    .argument('[anything...]')
    .allowUnknownOption()
    .action(
      perform<object, [string[]]>(async ({ output }) => {
        output.note(`"${command.name()}" is coming with the exercises; "pnpm workshop battery" runs already.`)
        return EXIT.usage
      }),
    )
}
