import { expect, test } from 'vitest'
import { type CacheOptions, cache, coalesce, pipeline } from '../../src/index.ts'
import { after, fails, type Step, script, succeeds, virtualWorld } from '../../src/testing/index.ts'

function setUp(options: CacheOptions, ...steps: Step[]) {
  const world = virtualWorld()
  const policy = cache(options)
  const subject = pipeline('cached', [policy], { world })
  const run = script(world, ...steps)
  const events: string[] = []
  subject.subscribe((event) => event.type === 'cache' && events.push(event.result))
  return { world, policy, run, events, get: (key = 'a') => world.until(subject.execute(run, { key })) }
}

test('keeps a value for its time', async () => {
  const { world, run, get, events } = setUp({ ttl: 100 }, succeeds(1), succeeds(2))
  expect([await get(), await get()]).toEqual([1, 1])
  await world.advance(100)
  expect(await get()).toBe(2)
  expect(run.calls.length).toBe(2)
  expect(events).toEqual(['miss', 'hit', 'miss'])
})

test('keeps each key apart', async () => {
  const { get } = setUp({ ttl: 100 }, succeeds(1), succeeds(2))
  expect([await get('a'), await get('b'), await get('a')]).toEqual([1, 2, 1])
})

test('never keeps errors, nor what keep refuses', async () => {
  const { get } = setUp({ ttl: 100, keep: (value) => value !== 0 }, fails('no'), succeeds(0), succeeds(2))
  await expect(get()).rejects.toBe('no')
  expect([await get(), await get(), await get()]).toEqual([0, 2, 2])
})

test('returns the old value while it fetches a new one, once', async () => {
  const { world, run, get, events } = setUp(
    { ttl: 100, staleWhileRevalidate: 100 },
    succeeds(1),
    after(10, succeeds(2)),
  )
  await get()
  await world.advance(100)
  expect([await get(), await get()]).toEqual([1, 1])
  await world.advance(10)
  expect(await get()).toBe(2)
  expect(run.calls.length).toBe(2)
  expect(events).toEqual(['miss', 'stale', 'stale', 'hit'])
})

test('a refresh that fails leaves the old value, and is tried again', async () => {
  const { world, get, run } = setUp({ ttl: 100, staleWhileRevalidate: 100 }, succeeds(1), fails(), succeeds(3))
  await get()
  await world.advance(100)
  expect(await get()).toBe(1)
  await world.advance(0)
  expect(await get()).toBe(1)
  await world.advance(0)
  expect(await get()).toBe(3)
  expect(run.calls.length).toBe(3)
})

test('returns the old value instead of an error', async () => {
  const { world, get, events } = setUp({ ttl: 100, staleIfError: 100 }, succeeds(1), fails('down'))
  await get()
  await world.advance(199)
  expect(await get()).toBe(1)
  await world.advance(1)
  await expect(get()).rejects.toBe('down')
  expect(events).toEqual(['miss', 'miss', 'stale-if-error', 'miss'])
})

test('is bounded: what was used longest ago goes', async () => {
  const { policy, get } = setUp({ ttl: 100, maxEntries: 2 }, succeeds(1), succeeds(2), succeeds(3), succeeds(4))
  await get('a')
  await get('b')
  await get('a')
  await get('c')
  expect(await get('a')).toBe(1)
  expect(await get('b')).toBe(4)
  expect(policy.metrics()).toMatchObject({ entries: 2 })
})

test('forgets by hand, and takes new options', async () => {
  const { policy, get, world } = setUp({ ttl: 100 }, succeeds(1), succeeds(2), succeeds(3), succeeds(4))
  await get()
  policy.clear('a')
  expect(await get()).toBe(2)
  policy.clear()
  expect(await get()).toBe(3)
  policy.reconfigure({ ttl: 500 })
  await world.advance(499)
  expect(await get()).toBe(3)
})

test('keeps undefined too', async () => {
  const { run, get } = setUp({ ttl: 100 }, succeeds(undefined))
  await get()
  await get()
  expect(run.calls.length).toBe(1)
})

test('with coalesce inside of it, many misses at once make one call', async () => {
  const world = virtualWorld()
  const subject = pipeline('cached', [cache({ ttl: 100 }), coalesce()], { world })
  const run = script(world, after(10, succeeds('once')))
  const calls = Array.from({ length: 50 }, () => subject.execute(run, { key: 'a' }))
  expect(new Set(await world.until(Promise.all(calls)))).toEqual(new Set(['once']))
  expect(run.calls.length).toBe(1)
})
