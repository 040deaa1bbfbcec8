import { expect, test, vi } from 'vitest'
import { type CacheOptions, cache, pipeline, type ResilienceEvent } from '../../src/index.ts'
import { BoundedMap } from '../../src/policies/cache/bounded-map.ts'
import { after, fails, hangs, type Step, script, stubbornly, succeeds, virtualWorld } from '../../src/testing/index.ts'

function setUp(options: CacheOptions, ...steps: Step[]) {
  const world = virtualWorld()
  const policy = cache(options)
  const subject = pipeline('cached', [policy], { world })
  const run = script(world, ...steps)
  const events: ResilienceEvent[] = []
  subject.subscribe((event) => event.type === 'cache' && events.push(event))
  return { world, policy, subject, run, events, get: (key = 'a') => world.until(subject.execute(run, { key })) }
}

test('counts hits, misses and stale answers, and tells of each', async () => {
  const { world, policy, get, events } = setUp(
    { ttl: 100, staleWhileRevalidate: 50, staleIfError: 200, name: 'items' },
    succeeds(1),
    fails('down'),
  )
  await get()
  await get()
  await world.advance(100)
  await get()
  await world.advance(50)
  await get()
  const common = { type: 'cache', pipeline: 'cached', policy: 'items' }
  expect(events).toEqual(['miss', 'hit', 'stale', 'miss', 'stale-if-error'].map((result) => ({ ...common, result })))
  expect(policy.metrics()).toEqual({ hits: 1, misses: 2, stale: 1, staleIfError: 1, entries: 1 })
})

test('without options but the time: nothing stale, a thousand entries', async () => {
  const { world, policy, get } = setUp({ ttl: 100 }, succeeds(1), fails('down'))
  await get()
  await world.advance(100)
  await expect(get()).rejects.toBe('down')
  const many = setUp({ ttl: Number.POSITIVE_INFINITY }, succeeds(1))
  for (let key = 0; key < 1_001; key++) await many.get(String(key))
  expect(many.policy.metrics()).toMatchObject({ entries: 1_000 })
  expect(policy.metrics()).toMatchObject({ entries: 1, stale: 0, staleIfError: 0 })
})

test('an old value is returned up to the end of its stale time, not at it', async () => {
  const { world, get } = setUp({ ttl: 100, staleWhileRevalidate: 50 }, succeeds(1), fails(), succeeds(3))
  await get()
  await world.advance(149)
  expect(await get()).toBe(1)
  await world.advance(1)
  expect(await get()).toBe(3)
})

test('a refresh brings a value that is fresh for the whole of its time', async () => {
  const { world, get, run } = setUp({ ttl: 100, staleWhileRevalidate: 100 }, succeeds(1), after(10, succeeds(2)))
  await get()
  await world.advance(150)
  await get()
  await world.advance(10 + 99)
  expect(await get()).toBe(2)
  expect(run.calls.length).toBe(2)
})

test('a refresh is given up when the old value has become too old to be used', async () => {
  const { world, get, run } = setUp({ ttl: 100, staleWhileRevalidate: 50 }, succeeds(1), hangs(), succeeds(3))
  await get()
  await world.advance(120)
  await get()
  await world.advance(29)
  const { signal } = run.calls[1]!.context
  expect(signal.aborted).toBe(false)
  await world.advance(1)
  expect(signal.reason).toMatchObject({ name: 'AbortError', message: 'The old value is too old to be used' })
  expect(await get()).toBe(3)
  expect(world.pending).toBe(0)
})

test('a refresh for which there is no end of time has no timer', async () => {
  const { world, get, run } = setUp(
    { ttl: 100, staleWhileRevalidate: Number.POSITIVE_INFINITY },
    succeeds(1),
    stubbornly(50_000, succeeds(2)),
  )
  await get()
  await world.advance(100)
  expect(await get()).toBe(1)
  expect(world.pending).toBe(1)
  await world.advance(49_999)
  expect(await get()).toBe(1)
  expect(run.calls.length).toBe(2)
  await world.advance(1)
  expect(await get()).toBe(2)
  expect(world.pending).toBe(0)
})

test('a refresh that has ended leaves no timer', async () => {
  const { world, get } = setUp({ ttl: 100, staleWhileRevalidate: 500 }, succeeds(1))
  await get()
  await world.advance(100)
  await get()
  await world.advance(0)
  expect(world.pending).toBe(0)
})

test('a refresh belongs to nobody: not to the call that set it off, nor to its deadline', async () => {
  const { world, subject, get, run } = setUp(
    { ttl: 100, staleWhileRevalidate: 500 },
    succeeds(1),
    after(50, succeeds(2)),
  )
  await get()
  await world.advance(100)
  const cancel = new AbortController()
  const options = { key: 'a', signal: cancel.signal, deadline: world.epoch() + 10 }
  expect(await subject.execute(run, options)).toBe(1)
  cancel.abort()
  await world.advance(50)
  expect(run.calls[1]?.context.signal.aborted).toBe(false)
  expect(await get()).toBe(2)
})

test('the timer of a refresh keeps no process alive', async () => {
  const { world, get } = setUp({ ttl: 100, staleWhileRevalidate: 500 }, succeeds(1), hangs())
  await get()
  await world.advance(100)
  const setTimer = vi.spyOn(world, 'setTimer')
  await get()
  expect(setTimer.mock.calls).toEqual([[500, expect.any(Function), true]])
})

test('what was fetched before it was cleared is not kept', async () => {
  for (const key of ['a', undefined]) {
    const { world, policy, subject, run } = setUp({ ttl: 100 }, after(10, succeeds('before')), succeeds('after'))
    const call = subject.execute(run, { key: 'a' })
    await world.advance(5)
    policy.clear(key)
    expect(await world.until(call)).toBe('before')
    expect(await subject.execute(run, { key: 'a' })).toBe('after')
    expect(await subject.execute(run, { key: 'a' })).toBe('after')
    expect(run.calls.length).toBe(2)
  }
})

test('a cancelled call gets its own reason, not an old value', async () => {
  const { world, subject, get } = setUp({ ttl: 100, staleIfError: 500 }, succeeds(1), hangs())
  await get()
  await world.advance(100)
  const cancel = new AbortController()
  const call = subject.execute(script(world, hangs()), { key: 'a', signal: cancel.signal })
  await world.advance(10)
  cancel.abort('enough')
  await expect(call).rejects.toBe('enough')
  await world.advance(10)
  expect(subject.metrics().policies[0]?.metrics.staleIfError).toBe(0)
})

test('an old value may answer for ever', async () => {
  const { world, get } = setUp({ ttl: 100, staleIfError: Number.POSITIVE_INFINITY }, succeeds(1), fails('down'))
  await get()
  await world.advance(1e12)
  expect(await get()).toBe(1)
  await expect(get('b')).rejects.toBe('down')
})

test('an old value answers for the errors that handleError wants, and for no others', async () => {
  const { world, get } = setUp(
    { ttl: 100, staleIfError: 500, handleError: (error) => error === 'down' },
    succeeds(1),
    fails('down'),
    fails('gone'),
  )
  await get()
  await world.advance(100)
  expect(await get()).toBe(1)
  await expect(get()).rejects.toBe('gone')
})

test('an entry that is used moves away from the end, a value that is replaced too', async () => {
  const map = new BoundedMap<string, number>(2)
  map.set('a', 1)
  map.set('b', 2)
  expect(map.get('a')).toBe(1)
  expect(map.get('x')).toBeUndefined()
  map.set('c', 3)
  expect([...map.entries()]).toEqual([
    ['a', 1],
    ['c', 3],
  ])
  map.set('a', 4)
  map.set('d', 5)
  expect([...map.entries()]).toEqual([
    ['a', 4],
    ['d', 5],
  ])
  expect(map.size).toBe(2)
})

test('a smaller cache drops what was used longest ago, at once', async () => {
  const { policy, get, run } = setUp({ ttl: 100, maxEntries: 3 }, succeeds(1))
  for (const key of ['a', 'b', 'c', 'a']) await get(key)
  policy.reconfigure({ maxEntries: 1 })
  expect(policy.metrics()).toMatchObject({ entries: 1 })
  await get('a')
  expect(run.calls.length).toBe(3)
  policy.reconfigure({ ttl: 200 })
  await get('d')
  expect(policy.metrics()).toMatchObject({ entries: 1 })
})

test('clears one key and leaves the others', async () => {
  const { policy, get, run } = setUp({ ttl: 100 }, succeeds(1))
  await get('a')
  await get('b')
  policy.clear('a')
  expect(policy.metrics()).toMatchObject({ entries: 1 })
  await get('b')
  expect(run.calls.length).toBe(2)
  policy.clear()
  expect(policy.metrics()).toMatchObject({ entries: 0 })
})

test('calls without a key, which only JavaScript can make, share one', async () => {
  const world = virtualWorld()
  const subject = pipeline('cached', [cache({ ttl: 100 })], { world })
  const run = script(world, succeeds(1), succeeds(2))
  const untyped: { key: string } = JSON.parse('{}')
  expect([await subject.execute(run, untyped), await subject.execute(run, untyped)]).toEqual([1, 1])
  expect(await subject.execute(run, { key: '' })).toBe(1)
})

test.each<[Partial<CacheOptions>, string]>([
  [{}, 'cache: ttl must be given'],
  [{ ttl: -1 }, 'cache: ttl is -1'],
  [{ ttl: 1, staleWhileRevalidate: -1 }, 'staleWhileRevalidate is -1'],
  [{ ttl: 1, staleIfError: -1 }, 'staleIfError is -1'],
  [{ ttl: 1, maxEntries: 0 }, 'maxEntries is 0'],
  [{ ttl: 1, keep: JSON.parse('1') }, 'keep is 1'],
  [{ ttl: 1, handleError: JSON.parse('1') }, 'handleError is 1'],
])('%j: %s', (options, message) => {
  expect(() => cache(options as CacheOptions)).toThrow(message)
})

test('reconfigure checks too, and a mistake changes nothing', async () => {
  const { policy, get, run } = setUp({ ttl: 100 }, succeeds(1))
  await get()
  expect(() => policy.reconfigure({ ttl: -1, maxEntries: 0 })).toThrow('ttl is -1')
  await get()
  expect(run.calls.length).toBe(1)
  expect([policy.kind, policy.name, cache({ ttl: 1, name: 'items' }).name]).toEqual(['cache', 'cache', 'items'])
})
