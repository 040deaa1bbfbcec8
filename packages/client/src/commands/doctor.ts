import type { Command } from 'commander'
import { EXIT } from '../cli/errors.ts'
import { type Context, perform } from '../cli/perform.ts'
import { openStage } from '../cli/with-stage.ts'
import { checks } from '../doctor/index.ts'
import { row } from '../screen/layout.ts'

export default function doctor(command: Command): void {
  command.option('--json', 'one object on standard output').action(perform(examine))
}

/** Checks this machine, each check with what was found and how to mend it; 3 when anything is missing. */
export async function examine(context: Context): Promise<number> {
  const { output, signal } = context
  const { theme } = output
  const stage = await openStage(context)
  const { running } = await stage.status()
  const results = []
  output.print('')
  try {
    for (const check of checks) {
      signal.throwIfAborted()
      const result = await check.run({ stage, signal })
      results.push({ name: check.name, ...result })
      const mark = result.ok ? theme.glyphs.pass : theme.glyphs.fail
      const paint = result.ok ? theme.pass : theme.fail
      output.print(
        row(theme, [
          { text: mark, width: mark.length + 1, paint },
          { text: check.name, width: 14 },
          { text: result.found },
        ]),
        ...(result.remedy ?? []).map((step) => `     ${theme.dim(theme.plain(step))}`),
      )
    }
  } finally {
    if (!running) await stage.down()
  }
  const failed = results.filter(({ ok }) => !ok).length
  output.print('', failed === 0 ? ' This machine is ready.' : ` ${failed} of ${results.length} checks failed.`, '')
  output.result({ ok: failed === 0, checks: results })
  return failed === 0 ? EXIT.passed : EXIT.stage
}
