import type { Command } from 'commander'
import { Interrupted } from './errors.ts'
import { type Interruption, listenForInterruption } from './interruption.ts'
import { createOutput, type Output } from './output.ts'
import { errorToJson, exitCodeOf, renderError } from './report-error.ts'

/** What a command gets to work with. */
export interface Context<Options = object> {
  readonly options: Options & GlobalOptions
  readonly output: Output
  /** Aborts when the person or the system wants this process to end. */
  readonly signal: AbortSignal
}

export interface GlobalOptions {
  readonly ascii?: boolean
  readonly json?: boolean
  readonly portBase?: string
  readonly docker?: boolean
}

/** Makes an action of a command's work: tells its errors to people, and leaves with its exit code. */
export function perform<Options, Args extends readonly unknown[] = []>(
  work: (context: Context<Options>, ...args: Args) => Promise<number>,
): (...parameters: [...Args, Options, Command]) => Promise<void> {
  return async (...parameters) => {
    const command = parameters.at(-1) as Command
    const args = parameters.slice(0, -2) as unknown as Args
    const options = command.optsWithGlobals<Options & GlobalOptions>()
    const output = createOutput(options)
    // Whoever reads the output has gone (`| head`): nobody is told anything any more, and the host closes by itself.
    for (const stream of [process.stdout, process.stderr]) stream.once('error', () => process.exit(BROKEN_PIPE))
    const interruption = listenForInterruption((line) => output.note(line))
    leave(await exitCode(() => work({ options, output, signal: interruption.signal }, ...args), output, interruption))
  }
}

/** As shells report SIGPIPE. */
const BROKEN_PIPE = 141

async function exitCode(work: () => Promise<number>, output: Output, { signal }: Interruption): Promise<number> {
  try {
    return await work()
  } catch (error) {
    // Whatever failed because of the interruption is no news.
    const reason = signal.aborted ? signal.reason : error
    if (!(reason instanceof Interrupted)) output.print('', ...renderError(output.theme, reason), '')
    output.result(errorToJson(reason))
    return exitCodeOf(reason)
  }
}

/** Leaves once all output has been handed over, whatever still waits. */
function leave(code: number): void {
  process.exitCode = code
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}
