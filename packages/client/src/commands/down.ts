import type { Command } from 'commander'
import { EXIT } from '../cli/errors.ts'
import { type Context, perform } from '../cli/perform.ts'
import { openStage } from '../cli/with-stage.ts'
import { forgetRuns } from '../report/runs.ts'

interface Options {
  readonly purge?: boolean
}

export default function down(command: Command): void {
  command
    .option('--purge', 'and remove data, traces and reports; on Docker its volumes, too; never your code or progress')
    .action(perform<Options>(close))
}

async function close(context: Context<Options>): Promise<number> {
  const stage = await openStage(context)
  const { running } = await stage.status()
  // Also where nothing runs: what a killed command left behind ends here.
  await stage.down()
  if (context.options.purge) {
    await stage.purge()
    await forgetRuns(stage.home.folder)
  }
  const end = running ? 'The restaurant is closed' : 'No restaurant was running'
  context.output.note(context.options.purge ? `${end}, and nothing of it is left.` : `${end}.`)
  return EXIT.passed
}
