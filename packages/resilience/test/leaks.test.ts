import { getEventListeners } from 'node:events'
import v8 from 'node:v8'
import vm from 'node:vm'
import { expect, test } from 'vitest'
import {
  adaptiveLimit,
  bulkhead,
  type CallContext,
  cache,
  circuitBreaker,
  coalesce,
  constant,
  fallback,
  hedge,
  pipeline,
  pipelines,
  rateLimit,
  retry,
  retryBudget,
  shed,
  telemetry,
  throttle,
  timeout,
} from '../src/index.ts'

v8.setFlagsFromString('--expose-gc')
const collect: () => void = vm.runInNewContext('gc')

/** `LEAKS=full vitest run --project resilience test/leaks.test.ts` takes minutes and tells what it has measured. */
const full = process.env.LEAKS === 'full'
const sizes = full
  ? { calls: 1_000_000, fewerCalls: 1_000_000, keys: 1_000_000, waiters: 100_000 }
  : { calls: 60_000, fewerCalls: 5_000, keys: 10_000, waiters: 20_000 }
const patience = { timeout: full ? 1_200_000 : 60_000 }

/** Heap in kB that is left after so many, over that after a first round of a tenth of them. */
async function growth(what: string, count: number, work: (count: number) => Promise<void>): Promise<number> {
  await work(count / 10)
  const before = await used()
  await work(count)
  const after = await used()
  const timers = process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
  if (full)
    console.log(`${what}, ${count}: heap ${kB(before)} before, ${kB(after)} after; ${timers} timers that keep alive`)
  return after - before
}

async function used(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return process.memoryUsage().heapUsed / 1_024
}

function kB(value: number): string {
  return `${Math.round(value)} kB`
}

const five = () => [
  timeout(60_000),
  retry({ maxAttempts: 2, backoff: constant(0) }),
  circuitBreaker({ minimumCalls: 10_000_000, slowCall: 60_000 }),
  bulkhead({ maxConcurrent: 100, maxQueued: 100_000 }),
  timeout(30_000),
]

const others = () => {
  const budget = retryBudget()
  const limit = adaptiveLimit()
  return [
    fallback((error) => error),
    cache({ ttl: 0, staleIfError: 5, maxEntries: 100 }),
    coalesce(),
    retry({ maxAttempts: 2, backoff: constant(0), budget }),
    throttle({ overload: 1_000 }),
    rateLimit({ limit: 1_000_000, kind: 'bursty' }),
    shed({ load: limit }),
    limit,
    hedge({ after: 60_000, budget }),
  ]
}

type Work = (call: number, context: CallContext) => unknown

const answer: Work = (call) => (call % 10 === 0 ? Promise.reject(call) : Promise.resolve(call))

/** As any client does that can be cancelled. */
const listen: Work = async (call, { signal }) => {
  const cancel = () => {}
  signal.addEventListener('abort', cancel)
  // What Node keeps of such a signal it forgets between turns of the event loop.
  if (call % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
  signal.removeEventListener('abort', cancel)
}

test.each([
  ['the usual five', five, answer, sizes.calls, 1_000],
  ['all others', others, answer, sizes.fewerCalls, 1_000],
  ['the usual five, listening to their signal', five, listen, sizes.fewerCalls, 5_000],
] as const)(
  'heap and listeners are flat over many calls with one long-lived signal: %s',
  patience,
  async (what, policies, work, calls, bound) => {
    const shutdown = new AbortController()
    const subject = pipeline('leak', policies())
    let next = 0
    const left = await growth(`Calls, ${what}`, calls, async (count) => {
      for (let call = 0; call < count; call++)
        await subject
          .execute((context) => work(call, context), { signal: shutdown.signal, key: `key ${next++}` })
          .catch(() => {})
    })
    expect(left).toBeLessThan(bound)
    expect(getEventListeners(shutdown.signal, 'abort').length).toBe(1)
    expect(subject.inFlight).toBe(0)
  },
)

test('a bounded registry stays bounded over many keys, also for exporters', patience, async () => {
  const hosts = pipelines({ create: (host) => pipeline(`host ${host}`, five()), maxEntries: 100 })
  let next = 0
  const left = await growth('Keys of a registry of 100', sizes.keys, async (count) => {
    for (let key = 0; key < count; key++) {
      await hosts.for(String(next++)).execute(() => 1)
      // What is to be finalized is so between turns of the event loop.
      if (key % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  })
  expect(hosts.size).toBe(100)
  expect(left).toBeLessThan(2_000)
  await used()
  const live = [...telemetry.pipelines()].filter(({ name }) => name.startsWith('host ')).length
  if (full) console.log(`${live} of their pipelines are left for exporters`)
  expect(live).toBeLessThan(5_000)
})

test.each(['bulkhead', 'rateLimit'])('aborted waiters leave nothing: %s', patience, async (kind) => {
  const places = bulkhead({ maxConcurrent: 1, maxQueued: 100_000 })
  const turns = rateLimit({ limit: 1, interval: 3_600_000, maxWait: Number.POSITIVE_INFINITY })
  const waiting = () => (kind === 'bulkhead' ? places.queued : turns.metrics().waiting)
  const subject = pipeline('waiters', [kind === 'bulkhead' ? places : turns])
  let finish: () => void = () => {}
  const occupying = subject.execute(() => new Promise<void>((resolve) => (finish = resolve)))
  const left = await growth(`Aborted waiters, ${kind}`, sizes.waiters, async (count) => {
    const cancel = new AbortController()
    const calls = Array.from({ length: count }, (_, index) =>
      subject.execute(() => 1, { signal: cancel.signal, priority: index % 3 === 0 ? 'high' : 'low' }),
    )
    const ended = Promise.allSettled(calls)
    await new Promise((resolve) => setImmediate(resolve))
    expect(waiting()).toBe(count)
    expect(getEventListeners(cancel.signal, 'abort').length).toBe(1)
    cancel.abort()
    await ended
    expect(waiting()).toBe(0)
    expect(getEventListeners(cancel.signal, 'abort').length).toBe(0)
  })
  expect(left).toBeLessThan(1_000)
  finish()
  await occupying
})
