import type { Command } from 'commander'
import { perform } from '../cli/perform.ts'
import { showMenu } from '../menu/menu.ts'
import { runDemo } from './demo.ts'

/** Without a terminal nobody can choose, so that the demo runs. */
export default function menu(command: Command): void {
  command
    .option('--json', 'the demo, as one object on standard output')
    .action(perform((context) => (context.output.live && process.stdin.isTTY ? showMenu(context) : runDemo(context))))
}
