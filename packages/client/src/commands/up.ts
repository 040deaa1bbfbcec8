import type { Command } from 'commander'
import { EXIT } from '../cli/errors.ts'
import { perform } from '../cli/perform.ts'
import { bringUp, openStage } from '../cli/with-stage.ts'
import { renderAddresses } from '../screen/status.ts'
import { flagOf } from '../screen/words.ts'

export default function up(command: Command): void {
  command.action(
    perform(async (context) => {
      const stage = await openStage(context)
      await bringUp(stage, context, { detached: true })
      const { theme, print } = context.output
      print('', ...renderAddresses(theme, stage.addresses(), stage.proxies().apiUrl), '')
      print(` ${theme.dim('stop'.padEnd(8))}pnpm workshop down${flagOf(stage.kind)}`, '')
      return EXIT.passed
    }),
  )
}
