import type { Command } from 'commander'
import { EXIT } from '../cli/errors.ts'
import { perform } from '../cli/perform.ts'
import { openStage } from '../cli/with-stage.ts'

export default function down(command: Command): void {
  command.action(
    perform(async (context) => {
      const stage = openStage(context)
      const { running } = await stage.status()
      // Also where nothing runs: what a killed command left behind ends here.
      await stage.down()
      context.output.note(running ? 'The restaurant is closed.' : 'No restaurant was running.')
      return EXIT.passed
    }),
  )
}
