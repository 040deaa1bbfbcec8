import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startChaosProxy } from '../src/index.ts'
import { checks } from './conformance/index.ts'
import { Lab } from './support/lab.ts'
import { type Running, realServer } from './support/real-server.ts'

const real = realServer()

test('there are 47 checks', () => {
  expect(checks.map(({ number }) => number)).toEqual(Array.from({ length: 47 }, (_, index) => index + 1))
})

conformance('chaos-proxy', async () => {
  const server = await startChaosProxy({ proxyMetrics: true, seed: 20261126 })
  return { url: server.url, stop: () => server.close() }
})

if (real !== undefined) conformance('toxiproxy-server', real)
else
  test.skip('toxiproxy-server: set TOXIPROXY_URL, or TOXIPROXY_SERVER to its program, to run the checks on it', () => {})

function conformance(name: string, start: () => Promise<Running>): void {
  describe(name, () => {
    let server: Running
    let lab: Lab

    beforeAll(async () => {
      server = await start()
      lab = new Lab(server.url)
    })
    afterEach(() => lab.end())
    afterAll(() => server.stop())

    test.each(checks)('$number $title', ({ run }) => run(lab), 60_000)
  })
}
