import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Check, Machine } from './check.ts'

/** The first pnpm that reads which packages may be built from pnpm-workspace.yaml. */
const NEEDED = [10, 26] as const

export const packageManager: Check = {
  name: 'pnpm',
  async run({ environment }) {
    const found = runsThis(environment) ?? (await onThePath(environment))
    if (found === undefined)
      return {
        ok: true,
        optional: true,
        found: 'not on the path; npx --yes pnpm@12 stands in for it',
        remedy: ['npm install --global pnpm@12    for the shorter pnpm workshop'],
      }
    const [major = 0, minor = 0] = found.version.split('.').map(Number)
    const ok = major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
    if (ok) return { ok, found: `${found.version}, ${found.how}` }
    return {
      ok,
      found: `${found.version}, ${found.how}; ${NEEDED.join('.')} or later is needed`,
      remedy: ['npm install --global pnpm@12', 'npx --yes pnpm@12 workshop    works without installing it'],
    }
  },
}

interface Found {
  readonly version: string
  readonly how: string
}

function runsThis({ npm_config_user_agent: agent = '' }: Machine['environment']): Found | undefined {
  const version = /^pnpm\/(\S+)/.exec(agent)?.[1]
  return version === undefined ? undefined : { version, how: 'which runs this' }
}

async function onThePath(env: Machine['environment']): Promise<Found | undefined> {
  try {
    // On Windows it is a script, which only a shell can start.
    const options = { env, shell: process.platform === 'win32', timeout: 10_000, windowsHide: true }
    const { stdout } = await promisify(execFile)('pnpm', ['--version'], options)
    return { version: stdout.trim(), how: 'on the path' }
  } catch {
    return undefined
  }
}
