import { type DockerInspection, inspectDocker } from '@chaos-kitchen/kitchen'
import type { Command } from 'commander'
import { EXIT } from '../cli/errors.ts'
import { type Context, perform } from '../cli/perform.ts'
import { openStage } from '../cli/with-stage.ts'
import { type CheckResult, checks, type Machine } from '../doctor/index.ts'
import { row } from '../screen/layout.ts'
import type { Theme } from '../screen/theme.ts'

export default function doctor(command: Command): void {
  command.option('--json', 'one object on standard output').action(perform(examine))
}

/** Checks this machine, each check with what was found and how to mend it; 3 when anything is missing. */
export async function examine(context: Context): Promise<number> {
  const { output, signal } = context
  const { theme } = output
  const stage = await openStage(context)
  const { running } = await stage.status()
  let docker: Promise<DockerInspection> | undefined
  const machine: Machine = {
    stage,
    signal,
    environment: process.env,
    docker: () => {
      docker ??= inspectDocker()
      return docker
    },
  }
  const results = []
  output.print('')
  try {
    for (const check of checks) {
      signal.throwIfAborted()
      const result = await check.run(machine)
      results.push({ name: check.name, ...result })
      output.print(...renderCheck(theme, check.name, result))
    }
  } finally {
    if (!running) await stage.down()
  }
  const failed = results.filter(({ ok }) => !ok).length
  output.print('', failed === 0 ? ' This machine is ready.' : ` ${failed} of ${results.length} checks failed.`, '')
  output.result({ ok: failed === 0, checks: results })
  return failed === 0 ? EXIT.passed : EXIT.stage
}

function renderCheck(theme: Theme, name: string, { ok, optional, found, remedy = [] }: CheckResult): string[] {
  const { glyphs } = theme
  const [mark, paint] = optional ? [glyphs.wait, theme.dim] : ok ? [glyphs.pass, theme.pass] : [glyphs.fail, theme.fail]
  return [
    row(theme, [{ text: mark, width: mark.length + 1, paint }, { text: name, width: 14 }, { text: found }]),
    ...remedy.map((step) => `     ${theme.dim(theme.plain(step))}`),
  ]
}
