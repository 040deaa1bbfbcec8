import type { Check } from './check.ts'

const VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'] as const
const LOOPBACK = '127.0.0.1'

/** A proxy of the office must not get what is meant for this machine: everything here talks on 127.0.0.1. */
export const httpProxy: Check = {
  name: 'HTTP proxy',
  async run({ environment }) {
    const used = VARIABLES.filter((name) => readVariable(environment, name))
    if (used.length === 0) return { ok: true, found: 'none is set' }
    const names = used.join(', ')
    if (sparesLoopback(environment)) return { ok: true, found: `${names}; not for ${LOOPBACK}` }
    const remedy = [`export NO_PROXY=${[readVariable(environment, 'NO_PROXY'), LOOPBACK, 'localhost'].filter(Boolean)}`]
    if (isUsedByNode(environment))
      return { ok: false, found: `${names} would get what is meant for ${LOOPBACK}`, remedy }
    return { ok: true, found: `${names}; Node does not use it, curl does, also for ${LOOPBACK}`, remedy }
  },
}

/** Programs read these in lower case, too. */
function readVariable(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  return environment[name.toLowerCase()] || environment[name]
}

function sparesLoopback(environment: NodeJS.ProcessEnv): boolean {
  const spared = (readVariable(environment, 'NO_PROXY') ?? '').split(/[\s,]+/)
  return spared.includes('*') || spared.includes(LOOPBACK)
}

function isUsedByNode({ NODE_USE_ENV_PROXY, NODE_OPTIONS = '' }: NodeJS.ProcessEnv): boolean {
  return NODE_USE_ENV_PROXY === '1' || NODE_OPTIONS.includes('--use-env-proxy')
}
