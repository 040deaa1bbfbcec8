import { createServer } from 'node:net'
import { DEFAULT_PORTS, portHolder } from '@chaos-kitchen/kitchen'
import type { Check } from './check.ts'

/** A taken port is replaced by a free one, so it is no failure: but links then differ from those in the texts. */
export const ports: Check = {
  name: 'ports',
  async run({ stage }) {
    if ((await stage.status()).running) return { ok: true, found: 'in use by the running restaurant' }
    const wanted = Object.values(DEFAULT_PORTS)
    const taken: number[] = []
    for (const port of wanted) if (!(await isFree(port))) taken.push(port)
    if (taken.length === 0) return { ok: true, found: `all ${wanted.length} are free` }
    return {
      ok: true,
      found: `${taken.join(', ')} taken; others are used instead`,
      remedy: await Promise.all(taken.map(nameHolder)),
    }
  },
}

async function nameHolder(port: number): Promise<string> {
  const holder = await portHolder(port)
  return holder === undefined ? `${port} is taken` : `${port} is taken by ${holder.name}; kill ${holder.pid} frees it`
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
