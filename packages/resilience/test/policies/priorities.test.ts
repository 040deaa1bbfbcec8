import { expect, test } from 'vitest'
import {
  BulkheadFullError,
  bulkhead,
  type Priority,
  pipeline,
  RateLimitedError,
  type ResilienceEvent,
  rateLimit,
} from '../../src/index.ts'
import { virtualWorld } from '../../src/testing/index.ts'

function setUp(policy: ReturnType<typeof bulkhead> | ReturnType<typeof rateLimit>, takes = 10) {
  const world = virtualWorld()
  const subject = pipeline('kitchen', [policy], { world })
  const served: string[] = []
  const events: ResilienceEvent[] = []
  subject.subscribe((event) => events.push(event))
  const run = (name: string, priority?: Priority) =>
    subject
      .execute(
        () => {
          served.push(name)
          return new Promise((resolve) => world.setTimer(takes, () => resolve(name)))
        },
        { priority },
      )
      .catch((error: unknown) => error)
  return { world, subject, served, events, run }
}

test('bulkhead: what matters more goes first, and within that who came first', async () => {
  const { world, served, run } = setUp(bulkhead({ maxConcurrent: 1, maxQueued: 10 }))
  const calls = [
    run('first'),
    run('low 1', 'low'),
    run('normal 1'),
    run('high 1', 'high'),
    run('normal 2', 'normal'),
    run('critical', 'critical'),
    run('high 2', 'high'),
    run('low 2', 'low'),
  ]
  await world.until(Promise.all(calls))
  expect(served).toEqual(['first', 'critical', 'high 1', 'high 2', 'normal 1', 'normal 2', 'low 1', 'low 2'])
})

test('bulkhead: a full queue gives up who came last of the lowest', async () => {
  const places = bulkhead({ maxConcurrent: 1, maxQueued: 3, maxWait: 1_000 })
  const { world, served, events, run } = setUp(places)
  const [first, low1, low2, normal] = [run('first'), run('low 1', 'low'), run('low 2', 'low'), run('normal')]
  const high = run('high', 'high')
  const error = await low2
  expect(error).toBeInstanceOf(BulkheadFullError)
  expect(error).toHaveProperty(
    'message',
    'kitchen: its place in the queue went to a call of higher priority (bulkhead)',
  )
  expect(events.filter(({ type }) => type === 'rejection')).toMatchObject([{ error }])
  expect(places.metrics()).toMatchObject({ queued: 3, rejections: 1 })
  await expect(run('low 3', 'low')).resolves.toBeInstanceOf(BulkheadFullError)
  await world.until(Promise.all([first, low1, normal, high]))
  expect(served).toEqual(['first', 'high', 'normal', 'low 1'])
  await world.advance(2_000)
  expect(places.metrics()).toMatchObject({ inFlight: 0, queued: 0, rejections: 2 })
})

test('bulkhead: nobody of the same priority is displaced, and nobody where there is no queue', async () => {
  const { world, run } = setUp(bulkhead({ maxConcurrent: 1, maxQueued: 1 }))
  const calls = [run('first'), run('second', 'high')]
  await expect(run('third', 'high')).resolves.toBeInstanceOf(BulkheadFullError)
  expect(await world.until(Promise.all(calls))).toEqual(['first', 'second'])
  const none = setUp(bulkhead({ maxConcurrent: 1 }))
  const low = none.run('low', 'low')
  await expect(none.run('critical', 'critical')).resolves.toBeInstanceOf(BulkheadFullError)
  expect(await none.world.until(low)).toBe('low')
})

test('bulkhead: eight in a row overtake one that waits, then it is its turn', async () => {
  const { world, served, run } = setUp(bulkhead({ maxConcurrent: 1, maxQueued: 30 }))
  const calls = [run('first'), run('low', 'low')]
  for (let call = 1; call <= 12; call++) calls.push(run(`critical ${call}`, 'critical'))
  await world.until(Promise.all(calls))
  expect(served.indexOf('low')).toBe(9)
})

test('bulkhead: a word that is no priority counts as normal', async () => {
  const { world, served, run } = setUp(bulkhead({ maxConcurrent: 1, maxQueued: 3 }))
  const calls = [run('first'), run('low', 'low'), run('typo', JSON.parse('"urgent"')), run('high', 'high')]
  await world.until(Promise.all(calls))
  expect(served).toEqual(['first', 'high', 'typo', 'low'])
})

test('bulkhead: a listener that makes a call of its own at a displacement loses nobody', async () => {
  const places = bulkhead({ maxConcurrent: 1, maxQueued: 1, maxWait: 500 })
  const { world, subject, served, run } = setUp(places)
  const more: Promise<unknown>[] = []
  let heard = false
  subject.subscribe((event) => {
    if (event.type !== 'rejection' || heard) return
    heard = true
    more.push(run('critical', 'critical'))
  })
  const calls = [run('first'), run('low', 'low'), run('high', 'high')]
  const outcomes = await world.until(Promise.all(calls))
  expect(outcomes).toEqual(['first', expect.any(BulkheadFullError), expect.any(BulkheadFullError)])
  await world.until(Promise.all(more))
  expect(served).toEqual(['first', 'critical'])
  await world.advance(1_000)
  expect(places.metrics()).toMatchObject({ inFlight: 0, queued: 0, rejections: 2 })
})

test('rateLimit: the order of turns is the order of priorities', async () => {
  const { world, served, run } = setUp(rateLimit({ limit: 10, maxWait: 1_000 }), 0)
  const calls = [run('first'), run('low', 'low'), run('normal'), run('high', 'high')]
  await world.until(Promise.all(calls))
  expect(served).toEqual(['first', 'high', 'normal', 'low'])
})

test('rateLimit: where all would wait too long, who came last of the lowest leaves', async () => {
  const policy = rateLimit({ limit: 10, maxWait: 300 })
  const { world, served, run } = setUp(policy, 0)
  const calls = [run('first'), run('low 1', 'low'), run('low 2', 'low'), run('normal')]
  const high = run('high', 'high')
  const error = await calls[2]
  expect(error).toBeInstanceOf(RateLimitedError)
  expect(error).toMatchObject({ retryAfter: 400 })
  await expect(run('low 3', 'low')).resolves.toBeInstanceOf(RateLimitedError)
  await world.until(Promise.all([...calls, high]))
  expect(served).toEqual(['first', 'high', 'normal', 'low 1'])
  expect(policy.metrics()).toMatchObject({ waiting: 0, rejections: 2 })
})

test('rateLimit: one that is overtaken waits no longer than maxWait', async () => {
  const policy = rateLimit({ limit: 10, maxWait: 250 })
  const { world, served, run } = setUp(policy, 0)
  const first = run('first')
  const low = run('low', 'low')
  const endedAt = low.then(() => world.now())
  for (let at = 0; at < 5; at++) {
    void run(`high ${at}`, 'high')
    await world.advance(99)
  }
  expect(await low).toBeInstanceOf(RateLimitedError)
  expect(await endedAt).toBe(250)
  await world.until(first)
  await world.advance(2_000)
  expect(served).toEqual(['first', 'high 0', 'high 1', 'high 2', 'high 3', 'high 4'])
  expect(policy.metrics()).toMatchObject({ waiting: 0, rejections: 1 })
})

test('rateLimit: without priorities all whose wait began get their turn, be it the last moment', async () => {
  const { world, run } = setUp(rateLimit({ limit: 3, maxWait: 2_000 }), 0)
  const outcomes = await world.until(Promise.all(Array.from({ length: 7 }, (_, index) => run(`call ${index}`))))
  expect(outcomes).toEqual(Array.from({ length: 7 }, (_, index) => `call ${index}`))
})
