import { basename } from 'node:path'

const INTERPRETERS = /^(node|nodejs|bun|deno|python[\d.]*|ruby|php|perl)$/
const SCRIPT = /\.([cm]?[jt]sx?|py|rb|php|pl)$/
const KEPT_PARTS = 3

/**
 * What a person calls a process, from the arguments it was started with: its program, and the script where that is an
 * interpreter, as `node order/src/main.ts`. The kernel's own name for a process of Node is that of a thread, MainThread.
 */
export function programName(args: readonly string[]): string | undefined {
  const [program = '', ...rest] = args.filter((arg) => arg !== '')
  // One that renamed itself says what it does after its name: "nginx: master process".
  const name = basename(program.startsWith('/') ? program : (/^[^\s:]+/.exec(program)?.[0] ?? ''))
  if (!INTERPRETERS.test(name)) return name || undefined
  const script = rest.find((arg) => SCRIPT.test(arg)) ?? rest.find((arg) => arg.includes('/') && !arg.startsWith('-'))
  return script === undefined ? name : `${name} ${script.split('/').slice(-KEPT_PARTS).join('/')}`
}
