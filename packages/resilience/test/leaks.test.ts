import { getEventListeners } from 'node:events'
import v8 from 'node:v8'
import vm from 'node:vm'
import { expect, test } from 'vitest'
import { bulkhead, circuitBreaker, constant, pipeline, pipelines, retry, telemetry, timeout } from '../src/index.ts'

v8.setFlagsFromString('--expose-gc')
const collect: () => void = vm.runInNewContext('gc')

/** Heap in kB that is left after the work, over that after a first round of it. */
async function growth(work: () => Promise<void>): Promise<number> {
  await work()
  const before = await used()
  await work()
  return (await used()) - before
}

async function used(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return process.memoryUsage().heapUsed / 1_024
}

const all = () => [
  timeout(60_000),
  retry({ maxAttempts: 2, backoff: constant(0) }),
  circuitBreaker({ minimumCalls: 1_000_000, slowCall: 60_000 }),
  bulkhead({ maxConcurrent: 100, maxQueued: 100_000 }),
  timeout(30_000),
]

test('heap and listeners are flat over many calls with one long-lived signal', async () => {
  const shutdown = new AbortController()
  const subject = pipeline('leak', all())
  const left = await growth(async () => {
    for (let call = 0; call < 60_000; call++) {
      const work = call % 10 === 0 ? () => Promise.reject(call) : async () => call
      await subject.execute(work, { signal: shutdown.signal }).catch(() => {})
    }
  })
  expect(left).toBeLessThan(1_000)
  expect(getEventListeners(shutdown.signal, 'abort').length).toBe(1)
  expect(subject.inFlight).toBe(0)
})

test('a bounded registry stays bounded over many keys, also for exporters', async () => {
  const hosts = pipelines({ create: (host) => pipeline(`host ${host}`, all()), maxEntries: 100 })
  let next = 0
  const left = await growth(async () => {
    for (let key = 0; key < 10_000; key++) await hosts.for(String(next++)).execute(() => 1)
  })
  expect(hosts.size).toBe(100)
  expect(left).toBeLessThan(2_000)
  await used()
  expect([...telemetry.pipelines()].filter(({ name }) => name.startsWith('host ')).length).toBeLessThan(5_000)
})

test('aborted waiters leave nothing', async () => {
  const places = bulkhead({ maxConcurrent: 1, maxQueued: 100_000 })
  const subject = pipeline('waiters', [places])
  let finish: () => void = () => {}
  const occupying = subject.execute(() => new Promise<void>((resolve) => (finish = resolve)))
  const left = await growth(async () => {
    const cancel = new AbortController()
    const waiting = Array.from({ length: 20_000 }, () => subject.execute(() => 1, { signal: cancel.signal }))
    const ended = Promise.allSettled(waiting)
    await new Promise((resolve) => setImmediate(resolve))
    expect(places.queued).toBe(20_000)
    cancel.abort()
    await ended
    expect(places.queued).toBe(0)
  })
  expect(left).toBeLessThan(1_000)
  finish()
  await occupying
})
