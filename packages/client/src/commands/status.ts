import { ledgerAt, stillRuns } from '@chaos-kitchen/disruptor'
import type { AnyStage, StageStatus } from '@chaos-kitchen/kitchen'
import type { Command } from 'commander'
import { EXIT } from '../cli/errors.ts'
import { type Context, perform } from '../cli/perform.ts'
import { openStage } from '../cli/with-stage.ts'
import { renderStatus } from '../screen/status.ts'
import { flagOf } from '../screen/words.ts'

export default function status(command: Command): void {
  command.option('--json', 'one object on standard output').action(
    perform(async (context) => {
      const stage = await openStage(context)
      let found = await stage.status()
      if (found.running && (await isLeftDisturbed(stage))) found = await heal(stage, context)
      context.output.print('', ...renderStatus(context.output.theme, found, flagOf(stage.kind)), '')
      context.output.result(found)
      return EXIT.passed
    }),
  )
}

/** A command was killed before it could bring back what it had disturbed. */
async function isLeftDisturbed({ ledger }: AnyStage): Promise<boolean> {
  for (const { writer } of await ledgerAt(ledger).open()) if (!(await stillRuns(writer))) return true
  return false
}

/** Adopting a restaurant brings back what its ledger says. */
async function heal(stage: AnyStage, { output, signal }: Context): Promise<StageStatus> {
  output.note('A command was killed while it disturbed the restaurant: bringing back what is down …')
  try {
    await stage.up({ signal })
    return await stage.status()
  } finally {
    // Nothing for one that was adopted; had it ended this very moment, `up` would have started another.
    await stage.down()
  }
}
