import type { Command } from 'commander'
import { perform } from '../cli/perform.ts'

/** Without a terminal nobody can choose, so that the demo runs. */
export default function menu(command: Command): void {
  command.option('--json', 'the demo, as one object on standard output').action(
    perform(async (context) => {
      const canChoose = context.output.live && process.stdin.isTTY
      return canChoose
        ? (await import('../menu/menu.ts')).showMenu(context)
        : (await import('./demo.ts')).runDemo(context)
    }),
  )
}
