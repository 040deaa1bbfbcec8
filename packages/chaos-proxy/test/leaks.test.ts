import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { type ChaosProxyServer, type ProxyHandle, startChaosProxy, type ToxicSpec } from '../src/index.ts'
import { type Random, randomFor } from '../src/random.ts'
import { eventually, sleep } from './support/lab.ts'
import { Wire } from './support/wire.ts'

/** How many connections come and go; the whole exercise takes CHAOS_CONNECTIONS=10000. */
const CONNECTIONS = Number(process.env.CHAOS_CONNECTIONS ?? 1_000)
/** How long the soak takes, in seconds; the whole exercise takes CHAOS_SOAK=600. */
const SOAK = Number(process.env.CHAOS_SOAK ?? 3)

const TOXICS: readonly ToxicSpec[] = [
  { type: 'latency', attributes: { latency: 5, jitter: 3 } },
  { type: 'latency', attributes: { latency: 30_000 } },
  { type: 'bandwidth', attributes: { rate: 100 } },
  { type: 'bandwidth', attributes: { rate: 0 } },
  { type: 'slow_close', attributes: { delay: 20 } },
  { type: 'timeout', attributes: { timeout: 30 } },
  { type: 'timeout', attributes: { timeout: 0 } },
  { type: 'reset_peer', attributes: { timeout: 5 } },
  { type: 'slicer', attributes: { average_size: 20, size_variation: 5, delay: 500 } },
  { type: 'limit_data', attributes: { bytes: 50 } },
]

/** Handles of this process that keep it alive, by kind. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) {
    if (/TCP|Timeout/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

/** Timers that the test runner may have set meanwhile. */
const OTHERS: Record<string, number> = { Timeout: 2 }

/** An echo server that remembers only what is open. */
async function echo() {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => open.delete(socket))
    socket.pipe(socket)
  })
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 })
  await once(server, 'listening')
  const close = async () => {
    for (const socket of open) socket.destroy()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** One client: connects, writes, and leaves in one of several ways. */
async function visit(proxy: ProxyHandle, random: Random): Promise<void> {
  const wire = await Wire.connect(proxy.port)
  wire.write(Buffer.alloc(Math.ceil(random() * 300)))
  if (random() < 0.5) await sleep(random() * 10)
  const way = random()
  if (way < 0.3) wire.socket.end()
  else if (way < 0.6) wire.socket.resetAndDestroy()
  else wire.close()
  if (random() < 0.5) await sleep(random() * 5)
  wire.close()
}

/** Adds, changes or removes a toxic of either direction. */
async function disturb(proxy: ProxyHandle, random: Random): Promise<void> {
  if (random() < 0.3) await proxy.clear()
  const spec = TOXICS[Math.floor(random() * TOXICS.length)]
  if (spec === undefined || proxy.view.toxics.length > 4) return
  const name = `t${proxy.view.toxics.length}`
  const stream = random() < 0.5 ? 'upstream' : 'downstream'
  const toxic = await proxy.add({ ...spec, name, stream, toxicity: random(), expiresIn: 60_000 }).catch(() => undefined)
  if (random() < 0.3) await toxic?.update({}, { toxicity: random() })
}

async function crowd(server: ChaosProxyServer, proxy: ProxyHandle, count: number, random: Random): Promise<void> {
  for (let done = 0; done < count; done += 50) {
    await disturb(proxy, random)
    await Promise.all(Array.from({ length: 50 }, () => visit(proxy, random)))
    if (random() < 0.1) await server.reset()
    if (random() < 0.1) {
      await proxy.disable()
      await proxy.enable()
    }
  }
}

test(`${CONNECTIONS} connections under random toxics leave no socket, timer or listener`, async () => {
  const random = randomFor(20261126, 'leaks')
  const before = resources()
  const server = await startChaosProxy({ seed: 1 })
  await using upstream = await echo()
  const proxy = await server.proxy({ upstream: upstream.port })
  await crowd(server, proxy, CONNECTIONS, random)
  await proxy.clear()
  await eventually(() => proxy.connections.length === 0)
  await server.close()
  await upstream.close()
  const more = () =>
    Object.entries(resources()).filter(([kind, count]) => count > (before[kind] ?? 0) + (OTHERS[kind] ?? 0))
  await eventually(() => more().length === 0).catch(() => {})
  expect(more()).toEqual([])
}, 300_000)

test(
  `a soak of ${SOAK} s keeps memory flat`,
  async () => {
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    const random = randomFor(20261126, 'soak')
    await using server = await startChaosProxy({ seed: 1 })
    await using upstream = await echo()
    const proxy = await server.proxy({ upstream: upstream.port })
    const samples: number[] = []
    const started = performance.now()
    const sample = () => {
      collect()
      const { heapUsed, external } = process.memoryUsage()
      samples.push(Math.round((heapUsed + external) / 1024) / 1024)
    }
    await crowd(server, proxy, 300, random)
    sample()
    for (let next = SOAK * 100; performance.now() - started < SOAK * 1000; ) {
      await crowd(server, proxy, 50, random)
      if (performance.now() - started < next) continue
      next += SOAK * 100
      await proxy.clear()
      await eventually(() => proxy.connections.length === 0)
      sample()
    }
    if (process.env.CHAOS_SOAK !== undefined)
      console.log('MiB after each tenth:', samples.map((size) => size.toFixed(1)).join(' '))
    expect(samples.at(-1)! - samples[0]!).toBeLessThan(20)
  },
  SOAK * 1000 + 120_000,
)
