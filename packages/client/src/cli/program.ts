import { Command, CommanderError } from 'commander'
import { commands } from '../commands/index.ts'
import { EXIT } from './errors.ts'

/**
 * Runs the command of these arguments; without one, the menu. Only the module of that command is loaded.
 *
 * @returns the exit code of wrong usage and of help; a command that runs leaves by itself
 */
export async function runProgram(argv: readonly string[]): Promise<number | undefined> {
  const args = argv[0] === '--' ? argv.slice(1) : [...argv]
  const program = createProgram()
  const [chosen] = program.parseOptions([...args]).operands
  const asksForHelp = args.some((argument) => argument === '--help' || argument === '-h')
  if (chosen === undefined && !asksForHelp) args.push('menu')
  for (const { name, summary, load } of commands) {
    const command = addCommand(program, name, summary)
    if (name === (chosen ?? (asksForHelp ? undefined : 'menu'))) (await load()).default(command)
  }
  try {
    await program.parseAsync(args, { from: 'user' })
    return undefined
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.usage
    throw error
  }
}

function createProgram(): Command {
  return quiet(new Command('pnpm workshop'))
    .description('Chaos Kitchen: orders under chaos, and the code that survives it.')
    .option('--ascii', 'words instead of signs')
    .option('--port-base <port>', 'first of the ports to try')
    .option('--docker', 'on Docker instead of processes of this machine')
    .helpCommand(false)
    .addHelpText('after', '\nWithout a command: the menu; without a terminal: the demo.')
}

function addCommand(program: Command, name: string, summary: string): Command {
  return quiet(program.command(name).description(summary))
}

/** Commander's own words, in our form. */
function quiet(command: Command): Command {
  return command.exitOverride().configureOutput({
    outputError: (text, write) =>
      write(
        `\n ${capitalize(text.trim().replace(/^error: /, '')).replaceAll('\n', '\n ')}\n   pnpm workshop --help\n\n`,
      ),
  })
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
