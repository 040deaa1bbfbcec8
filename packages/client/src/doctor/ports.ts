import { createServer } from 'node:net'
import { DEFAULT_PORTS, DOCKER_PORTS, portHolder } from '@chaos-kitchen/kitchen'
import type { Check } from './check.ts'

/** A taken port is replaced by a free one, so it is no failure: but links then differ from those in the texts. */
export const ports: Check = {
  name: 'ports',
  async run({ stage }) {
    if ((await stage.status()).running) return { ok: true, found: 'in use by the running restaurant' }
    const wanted = Object.values(stage.kind === 'docker' ? DOCKER_PORTS : DEFAULT_PORTS)
    const taken: number[] = []
    for (const port of wanted) if (!(await isFree(port))) taken.push(port)
    if (taken.length === 0) return { ok: true, found: `all ${wanted.length} are free` }
    return {
      ok: true,
      found: `${taken.length} of ${wanted.length} taken; free ones are used instead`,
      remedy: await nameHolders(taken),
    }
  },
}

/** One line a holder, however many ports it has. */
async function nameHolders(taken: readonly number[]): Promise<string[]> {
  const byHolder = new Map<string, number[]>()
  for (const port of taken) {
    const holder = await portHolder(port)
    const name = holder === undefined ? 'someone else' : `${holder.name}; kill ${holder.pid} frees it`
    byHolder.set(name, [...(byHolder.get(name) ?? []), port])
  }
  return [...byHolder].map(([name, ports]) => `${ports.join(', ')} taken by ${name}`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
