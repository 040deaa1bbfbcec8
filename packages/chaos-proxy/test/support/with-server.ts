import { test as base } from 'vitest'
import { type ChaosProxyServer, startChaosProxy } from '../../src/index.ts'
import { Lab } from './lab.ts'

/** A test with a server of its own, in this process, and a lab around it. */
export const test = base.extend<{ server: ChaosProxyServer; lab: Lab }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern what the fixture depends on
  server: async ({}, use) => {
    await using server = await startChaosProxy({ seed: 7, proxyMetrics: true })
    await use(server)
  },
  lab: async ({ server }, use) => {
    const lab = new Lab(server.url)
    await use(lab)
    await lab.end()
  },
})
