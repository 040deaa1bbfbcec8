import type { Command } from 'commander'
import { EXIT } from '../cli/errors.ts'
import { perform } from '../cli/perform.ts'
import { openStage } from '../cli/with-stage.ts'
import { renderStatus } from '../screen/status.ts'

export default function status(command: Command): void {
  command.option('--json', 'one object on standard output').action(
    perform(async (context) => {
      const found = await (await openStage(context)).status()
      context.output.print('', ...renderStatus(context.output.theme, found), '')
      context.output.result(found)
      return EXIT.passed
    }),
  )
}
