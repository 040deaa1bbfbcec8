import { spawn } from 'node:child_process'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../src/main.ts')

/** How long runs of a command took, in milliseconds. */
export interface Timing {
  readonly name: string
  readonly ms: readonly number[]
}

/** From the start of the process until it has ended well. @throws when it ends otherwise */
export async function untilEnded(home: string, ...args: string[]): Promise<number> {
  const began = performance.now()
  const child = spawn(process.execPath, [MAIN, ...args], { env: environment(home), stdio: 'ignore' })
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`pnpm workshop ${args.join(' ')} ended with ${code}`)
  return performance.now() - began
}

/**
 * From the start of the process until the text is on a terminal, which `script` of util-linux provides; the command is
 * ended then.
 *
 * @throws when it ends before
 */
export async function untilShown(home: string, text: string, ...args: string[]): Promise<number> {
  const began = performance.now()
  const command = [process.execPath, MAIN, ...args].join(' ')
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: environment(home),
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const shown = new Promise<number>((resolve, reject) => {
    let screen = ''
    child.once('error', reject)
    child.once('close', () => reject(new Error(`"${text}" was never shown`)))
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      screen += chunk
      if (screen.includes(text)) resolve(performance.now() - began)
    })
  })
  try {
    return await shown
  } finally {
    child.stdin.write('\u0003')
    await ended
  }
}

function environment(home: string): NodeJS.ProcessEnv {
  return { ...process.env, KITCHEN_HOME: home, TERM: 'xterm-256color' }
}
