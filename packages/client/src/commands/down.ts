import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { EXIT } from '../cli/errors.ts'
import { type Context, perform } from '../cli/perform.ts'
import { openStage } from '../cli/with-stage.ts'

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
    for (const name of MADE) await rm(join(stage.home.folder, name), { recursive: true, force: true })
  }
  const end = running ? 'The restaurant is closed' : 'No restaurant was running'
  const rest = ', and nothing of it is left. Your code, its backups, your progress and choices stay.'
  context.output.note(context.options.purge ? `${end}${rest}` : `${end}.`)
  return EXIT.passed
}

/** What commands make beside the stage's own files: reports, pages and caches. Whatever a person would miss is not here. */
const MADE = ['runs', 'disruptions.jsonl', 'diff', 'types']
