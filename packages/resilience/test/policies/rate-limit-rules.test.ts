import { expect, test } from 'vitest'
import { pipeline, type RateLimitOptions, rateLimit } from '../../src/index.ts'
import { script, succeeds, virtualWorld } from '../../src/testing/index.ts'

function setUp(options: RateLimitOptions) {
  const world = virtualWorld()
  const policy = rateLimit(options)
  const subject = pipeline('rate', [policy], { world })
  const run = script(world, succeeds())
  const call = (signal?: AbortSignal) => subject.execute(run, { signal })
  return { world, policy, subject, run, call, starts: () => run.calls.map(({ at }) => at) }
}

test('without options but the limit: so many a second, evenly, and nobody waits', async () => {
  const { world, call, policy, starts } = setUp({ limit: 4 })
  for (let time = 0; time < 1_000; time += 125) {
    await call().catch(() => {})
    await world.advance(125)
  }
  expect(starts()).toEqual([0, 250, 500, 750])
  expect(policy.metrics()).toEqual({ rejections: 4, waiting: 0, limit: 4 })
})

test('a rejection tells where, and when another call would fare better, in its error and its event', async () => {
  const { subject, call } = setUp({ limit: 3, name: 'frugal' })
  const events: unknown[] = []
  subject.subscribe((event) => event.type === 'rejection' && events.push(event))
  await call()
  const error: unknown = await call().catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'RATE_LIMITED', pipeline: 'rate', policy: 'frugal', retryAfter: 334 })
  expect(error).toHaveProperty('message', 'rate: the rate limit is reached (frugal)')
  expect(events).toEqual([{ type: 'rejection', pipeline: 'rate', policy: 'frugal', error }])
})

test('waits for as long as maxWait and no longer, those that wait included', async () => {
  const { world, call, policy, starts } = setUp({ limit: 10, maxWait: 200 })
  const calls = [call(), call(), call()]
  await expect(call()).rejects.toMatchObject({ retryAfter: 300 })
  await world.advance(0)
  expect(policy.metrics()).toEqual({ rejections: 1, waiting: 2, limit: 10 })
  await world.until(Promise.all(calls))
  expect(starts()).toEqual([0, 100, 200])
  expect(policy.metrics()).toMatchObject({ waiting: 0 })
})

test('who comes later cannot overtake those that wait', async () => {
  const { world, subject } = setUp({ limit: 10, maxWait: 1_000 })
  const order: string[] = []
  const call = (name: string) => subject.execute(() => order.push(name))
  const calls = [call('a'), call('b'), call('c')]
  await world.advance(100)
  calls.push(call('d'))
  await world.until(Promise.all(calls))
  expect(order).toEqual(['a', 'b', 'c', 'd'])
  expect(world.now()).toBe(300)
})

test('who comes when it is somebody’s turn whose timer is late does not overtake either', async () => {
  const virtual = virtualWorld()
  let ahead = 0
  const world = Object.assign(Object.create(virtual), { now: () => virtual.now() + ahead })
  const subject = pipeline('late', [rateLimit({ limit: 10, maxWait: 1_000 })], { world })
  const order: string[] = []
  const call = (name: string) => subject.execute(() => order.push(name))
  const calls = [call('a'), call('b')]
  ahead = 150
  calls.push(call('c'))
  await virtual.until(Promise.all(calls))
  expect(order).toEqual(['a', 'b', 'c'])
})

test('one that is overtaken while it waits is turned away when its own time is over, and takes nobody’s turn', async () => {
  const { world, policy, subject } = setUp({ limit: 10, maxWait: 250 })
  const order: string[] = []
  const call = (name: string, priority: 'low' | 'high') => subject.execute(() => order.push(name), { priority })
  await call('first', 'high')
  const low = call('low', 'low').then(
    () => 'served',
    () => ({ at: world.now(), waiting: policy.metrics().waiting }),
  )
  for (let at = 50; at < 550; at += 100) {
    await world.advance(at - world.now())
    void call(`high ${at}`, 'high').catch(() => {})
  }
  expect(await world.until(low)).toEqual({ at: 250, waiting: 0 })
  await world.advance(1_000)
  expect(order).toEqual(['first', ...[50, 150, 250, 350, 450].map((at) => `high ${at}`)])
  expect(policy.metrics()).toMatchObject({ waiting: 0, rejections: 1 })
})

test('maxWait may be without end: nobody is turned away, overtaken or not', async () => {
  const { world, subject, starts } = setUp({ limit: 10, maxWait: Number.POSITIVE_INFINITY })
  const order: string[] = []
  const call = (name: string, priority: 'low' | 'high') => subject.execute(() => order.push(name), { priority })
  const calls = [call('first', 'low'), call('low', 'low'), call('high', 'high')]
  expect(world.pending).toBe(1)
  await world.until(Promise.all(calls))
  expect(order).toEqual(['first', 'high', 'low'])
  expect(starts()).toEqual([])
})

test('a pause is worth one call when smooth, and the limit when bursty', async () => {
  for (const [kind, expected] of [
    ['smooth', [0, 1_000, 1_100]],
    ['bursty', [0, 1_000, 1_000]],
  ] as const) {
    const { world, call, starts } = setUp({ limit: 2, interval: 200, kind, maxWait: 100 })
    await call()
    await world.advance(1_000)
    await world.until(Promise.all([call(), call()]))
    expect(starts()).toEqual(expected)
  }
})

test('when all that wait are cancelled, no timer is left', async () => {
  const { world, call, policy } = setUp({ limit: 1, maxWait: 5_000 })
  const [first, second] = [new AbortController(), new AbortController()]
  await call()
  const waiting = [call(first.signal), call(second.signal)].map((each) => each.catch((reason) => reason))
  await world.advance(10)
  first.abort('one')
  expect(policy.metrics()).toMatchObject({ waiting: 1 })
  expect(world.pending).toBe(1)
  second.abort('two')
  expect(await Promise.all(waiting)).toEqual(['one', 'two'])
  expect(policy.metrics()).toMatchObject({ waiting: 0 })
  expect(world.pending).toBe(0)
})

test('one timer serves all that wait', async () => {
  const { world, call } = setUp({ limit: 10, maxWait: 5_000 })
  const calls = Array.from({ length: 10 }, () => call())
  await world.advance(0)
  expect(world.pending).toBe(1)
  await world.until(Promise.all(calls))
  expect(world.pending).toBe(0)
})

test('its load is 1 while calls have to wait', async () => {
  const { world, call, policy } = setUp({ limit: 10 })
  expect(policy.load).toBe(0)
  await call()
  expect(policy.load).toBe(1)
  await world.advance(99)
  expect(policy.load).toBe(1)
  await world.advance(1)
  expect(policy.load).toBe(0)
})

test('a lower rate holds for those that wait, and a higher one lets them go at once', async () => {
  const { world, call, policy, starts } = setUp({ limit: 10, maxWait: 60_000 })
  const calls = [call(), call(), call()]
  await world.advance(50)
  policy.reconfigure({ limit: 5 })
  expect(policy.metrics()).toMatchObject({ limit: 5 })
  expect(world.pending).toBe(1)
  await world.until(Promise.all(calls))
  expect(starts()).toEqual([0, 100, 300])
  const more = [call(), call(), call()]
  await world.advance(0)
  policy.reconfigure({ limit: 50, kind: 'bursty' })
  await world.advance(0)
  expect(starts().length).toBe(6)
  await Promise.all(more)
  expect(world.pending).toBe(0)
})

test('before it is in any pipeline it has numbers, and can be restored', () => {
  const policy = rateLimit({ limit: 1 })
  expect(policy.metrics()).toEqual({ rejections: 0, waiting: 0, limit: 1 })
  policy.restore({ clearAt: Date.now() + 60_000 })
  expect(policy.load).toBe(1)
})

test('reconfigured before it is in any pipeline', async () => {
  const policy = rateLimit({ limit: 1 })
  policy.reconfigure({ limit: 10, maxWait: 500 })
  const world = virtualWorld()
  const run = script(world, succeeds())
  const subject = pipeline('rate', [policy], { world })
  await world.until(Promise.all([subject.execute(run), subject.execute(run)]))
  expect(run.calls.map(({ at }) => at)).toEqual([0, 100])
})

test('two pipelines share one rate', async () => {
  const world = virtualWorld()
  const policy = rateLimit({ limit: 10, maxWait: 500 })
  const run = script(world, succeeds())
  const subjects = ['reads', 'writes'].map((name) => pipeline(name, [policy], { world }))
  await world.until(Promise.all(subjects.flatMap((subject) => [subject.execute(run), subject.execute(run)])))
  expect(run.calls.map(({ at }) => at)).toEqual([0, 100, 200, 300])
})

test.each<[Partial<RateLimitOptions>, string]>([
  [{ limit: 0 }, 'limit is 0'],
  [{ limit: 1, interval: 0 }, 'interval is 0'],
  [{ limit: 1, maxWait: -1 }, 'maxWait is -1'],
  [{ interval: 5 }, 'limit must be given'],
])('%j: %s', (options, message) => {
  expect(() => rateLimit(options as RateLimitOptions)).toThrow(message)
  expect(() => rateLimit(options as RateLimitOptions)).toThrow(/^rateLimit: /)
})

test('a mistake when it is reconfigured changes nothing', async () => {
  const { policy, world, call, starts } = setUp({ limit: 10, maxWait: 100 })
  expect(() => policy.reconfigure({ limit: 1, maxWait: -1 })).toThrow('maxWait is -1')
  await world.until(Promise.all([call(), call()]))
  expect(starts()).toEqual([0, 100])
  expect([policy.kind, policy.name]).toEqual(['rateLimit', 'rateLimit'])
})
