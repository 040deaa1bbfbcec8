import { expect, test } from 'vitest'
import {
  adaptiveLimit,
  cache,
  circuitBreaker,
  OptionError,
  type Policy,
  pipeline,
  pipelines,
  rateLimit,
  retryBudget,
  throttle,
} from '../../src/index.ts'
import { after, fails, script, succeeds, virtualWorld } from '../../src/testing/index.ts'

/** As over a restart: through JSON, into a process whose clock began anew. */
function restart(snapshot: unknown, policy: Policy, elapsed = 0) {
  const world = virtualWorld({ epoch: virtualWorld().epoch() + elapsed })
  const subject = pipeline('again', [policy], { world })
  subject.restore(JSON.parse(JSON.stringify(snapshot)))
  return { world, subject }
}

test('throttle: holds calls back after a restart as before, until its window has passed', async () => {
  const make = () => throttle({ window: 10_000 })
  const world = virtualWorld()
  const before = make()
  const subject = pipeline('again', [before], { world })
  for (let call = 0; call < 20; call++) await subject.execute(script(world, fails())).catch(() => {})
  await world.advance(3_000)
  for (let call = 0; call < 10; call++) await subject.execute(script(world, succeeds())).catch(() => {})
  const snapshot = subject.snapshot()

  const same = make()
  restart(snapshot, same, 3_000)
  expect(same.load).toBeCloseTo(before.load, 10)
  const another = throttle({ window: 100_000 })
  restart(snapshot, another, 3_000 + 8_000)
  expect(another.load).toBeCloseTo(before.load, 10)
  const later = make()
  restart(snapshot, later, 3_000 + 8_000)
  expect(later.load).toBeLessThan(before.load)
  await world.advance(8_000)
  expect(later.load).toBeCloseTo(before.load, 10)
})

test('rateLimit: does not hand out the limit of the interval once more', async () => {
  const options = { limit: 5, interval: 1_000, kind: 'bursty' as const }
  const world = virtualWorld()
  const subject = pipeline('again', [rateLimit(options)], { world })
  for (let call = 0; call < 5; call++) await subject.execute(() => call)
  const snapshot = subject.snapshot()
  expect(snapshot).toEqual({ rateLimit: { clearAt: world.epoch() + 1_000 } })

  const { subject: again } = restart(snapshot, rateLimit(options), 400)
  await again.execute(() => 1)
  await again.execute(() => 2)
  await expect(again.execute(() => 3)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: 200 })
})

test('rateLimit: a snapshot of the past says nothing, and one of the far future no more than all is taken', async () => {
  const { subject: past } = restart({ rateLimit: { clearAt: 0 } }, rateLimit({ limit: 1 }))
  await past.execute(() => 1)
  const { subject: future } = restart({ rateLimit: { clearAt: 9e15 } }, rateLimit({ limit: 2, kind: 'bursty' }))
  await expect(future.execute(() => 1)).rejects.toMatchObject({ retryAfter: 500 })
})

test('adaptiveLimit: remembers which durations are usual', async () => {
  const options = { initial: 40, max: 100, sampleWindow: 10, queueSize: 0 }
  const world = virtualWorld()
  const before = adaptiveLimit(options)
  const subject = pipeline('again', [before], { world })
  const round = async (target: ReturnType<typeof pipeline>, clock: typeof world, duration: number) => {
    const calls = Array.from({ length: 40 }, () =>
      target.execute(script(clock, after(duration, succeeds()))).catch(() => {}),
    )
    await clock.until(Promise.all(calls))
  }
  for (let count = 0; count < 30; count++) await round(subject, world, 10)
  expect(before.snapshot()).toMatchObject({ limit: 40, usual: 10 })
  const policy = adaptiveLimit(options)
  const { subject: again, world: clock } = restart(subject.snapshot(), policy)
  expect(policy.snapshot()).toEqual(before.snapshot())
  for (let count = 0; count < 3; count++) await round(again, clock, 60)
  expect(policy.limit).toBeLessThan(40)
  const unknowing = adaptiveLimit(options)
  const { subject: third, world: thirdClock } = restart({ adaptiveLimit: { limit: 40 } }, unknowing)
  for (let count = 0; count < 3; count++) await round(third, thirdClock, 60)
  expect(unknowing.limit).toBe(40)
})

test('budgets are kept by who shares them', () => {
  const world = virtualWorld()
  const window = retryBudget({ ratio: 0.5, minimum: 0, window: 10_000 })
  for (let call = 0; call < 10; call++) window.onCall(world.now())
  for (let extra = 0; extra < 4; extra++) window.tryExtra(world.now(), 'error')
  const snapshot: unknown = JSON.parse(JSON.stringify(window.snapshot(world)))
  const again = retryBudget({ ratio: 0.5, minimum: 0, window: 10_000 })
  again.restore(snapshot, world)
  expect(again.metrics(world.now())).toEqual({ calls: 10, extra: 4, allowed: 5 })
  expect([again.tryExtra(world.now(), 'error'), again.tryExtra(world.now(), 'error')]).toEqual([true, false])

  const bucket = retryBudget({ tokens: 20 })
  bucket.tryExtra(0, 'timeout')
  const smaller = retryBudget({ tokens: 5 })
  smaller.restore(JSON.parse(JSON.stringify(bucket.snapshot())))
  expect(smaller.metrics(0)).toEqual({ tokens: 5, capacity: 5 })
  const larger = retryBudget({ tokens: 100 })
  larger.restore(bucket.snapshot())
  expect(larger.metrics(0)).toEqual({ tokens: 10, capacity: 100 })
  expect(() => larger.restore(snapshot)).toThrow("retryBudget: the snapshot's tokens is undefined")
})

test.each([
  [throttle(), { takenAt: 1, requests: [{ age: -1, amount: 1 }], accepts: [] }, "throttle: the snapshot's requests"],
  [throttle(), { takenAt: 1, requests: [], accepts: [{ age: 1 }] }, "throttle: the snapshot's accepts is an array"],
  [throttle(), { takenAt: 1, requests: [null], accepts: [] }, 'must be a list of { age, amount }'],
  [throttle(), { requests: [], accepts: [] }, "throttle: the snapshot's takenAt is undefined"],
  [rateLimit({ limit: 1 }), { clearAt: 'soon' }, "rateLimit: the snapshot's clearAt is 'soon'"],
  [rateLimit({ limit: 1 }), null, "rateLimit: the snapshot's clearAt is undefined"],
  [adaptiveLimit(), { limit: 20, usual: -1 }, "adaptiveLimit: the snapshot's usual is -1"],
  [adaptiveLimit(), { limit: 20, steps: 0.5 }, "adaptiveLimit: the snapshot's steps is 0.5"],
])('%#: what is no snapshot is refused', (policy, snapshot, message) => {
  expect(() => policy.restore(snapshot)).toThrow(OptionError)
  expect(() => policy.restore(snapshot)).toThrow(message)
})

test('a pipeline keeps each of its policies apart, also those of one name', async () => {
  const make = () => [circuitBreaker({ consecutiveFailures: 1 }), cache({ ttl: 1 }), circuitBreaker()] as const
  const before = pipeline('twice', make())
  await before.execute(() => Promise.reject(new Error('down')), { key: 'a' }).catch(() => {})
  expect(before.snapshot()).toMatchObject({
    circuitBreaker: { state: 'open' },
    'circuitBreaker 2': { state: 'closed' },
  })
  const policies = make()
  pipeline('twice', policies).restore(JSON.parse(JSON.stringify(before.snapshot())))
  expect([policies[0].state, policies[2].state]).toEqual(['open', 'closed'])
})

test('a pipeline passes over what it does not know, and refuses what is no snapshot', () => {
  const breaker = circuitBreaker()
  const subject = pipeline('menu', [breaker])
  subject.restore({ throttle: { any: 'thing' } })
  expect(breaker.state).toBe('closed')
  for (const none of [null, undefined, 5, 'text', []])
    expect(() => subject.restore(none)).toThrow(/^pipeline menu: the snapshot is .+, but must be an object$/)
  expect(() => subject.restore({ circuitBreaker: {} })).toThrow("circuitBreaker: the snapshot's state is undefined")
})

test('a registry keeps its pipelines by key, the latest where there is room for fewer', async () => {
  const world = virtualWorld()
  const make = (maxEntries: number) =>
    pipelines({ create: (host) => pipeline(host, [circuitBreaker({ consecutiveFailures: 1 })], { world }), maxEntries })
  const before = make(10)
  for (const host of ['a', 'b', 'c', 'd']) {
    const work = host === 'b' || host === 'd' ? () => Promise.reject(new Error('down')) : () => 1
    await before
      .for(host)
      .execute(work)
      .catch(() => {})
  }
  const snapshot: unknown = JSON.parse(JSON.stringify(before.snapshot()))
  const again = make(10)
  again.restore(snapshot)
  expect(again.snapshot()).toEqual(before.snapshot())
  await expect(again.for('b').execute(() => 1)).rejects.toMatchObject({ code: 'CIRCUIT_OPEN', pipeline: 'b' })
  expect(await again.for('c').execute(() => 1)).toBe(1)
  const fewer = make(2)
  fewer.restore(snapshot)
  expect([...fewer].map(({ name }) => name)).toEqual(['c', 'd'])
  expect(() => fewer.restore([])).toThrow('pipelines: the snapshot is an array, but must be an object')
})
