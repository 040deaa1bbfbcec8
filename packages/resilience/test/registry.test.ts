import { expect, test } from 'vitest'
import { bulkhead, circuitBreaker, pipeline, pipelines } from '../src/index.ts'
import { fails, script, virtualWorld } from '../src/testing/index.ts'

test('one pipeline for each key, the same each time', async () => {
  const hosts = pipelines({ create: (host) => pipeline(host, [circuitBreaker({ consecutiveFailures: 1 })]) })
  await hosts
    .for('a')
    .execute(script(virtualWorld(), fails()))
    .catch(() => {})
  await expect(hosts.for('a').execute(() => 1)).rejects.toMatchObject({ code: 'CIRCUIT_OPEN', pipeline: 'a' })
  expect(await hosts.for('b').execute(() => 1)).toBe(1)
  expect(hosts.size).toBe(2)
  expect([...hosts].map(({ name }) => name)).toEqual(['a', 'b'])
})

test('bounded: what was used longest ago goes', () => {
  const hosts = pipelines({ create: (host) => pipeline(host, []), maxEntries: 2 })
  const [a, b] = [hosts.for('a'), hosts.for('b')]
  hosts.for('a')
  hosts.for('c')
  expect(hosts.for('a')).toBe(a)
  expect(hosts.for('b')).not.toBe(b)
  expect(hosts.size).toBe(2)
  expect(hosts.evictions).toBe(2)
})

test('one that has calls in flight stays while another can go', async () => {
  const hosts = pipelines({ create: (host) => pipeline(host, [bulkhead()]), maxEntries: 2 })
  let finish: () => void = () => {}
  const busy = hosts.for('busy')
  const call = busy.execute(() => new Promise<void>((resolve) => (finish = resolve)))
  hosts.for('idle')
  hosts.for('new')
  expect(hosts.for('busy')).toBe(busy)
  finish()
  await call
})

test('all busy: the oldest goes, and its calls end as they would', async () => {
  const hosts = pipelines({ create: (host) => pipeline(host, []), maxEntries: 1 })
  let finish: (value: string) => void = () => {}
  const call = hosts.for('a').execute(() => new Promise<string>((resolve) => (finish = resolve)))
  hosts.for('b')
  expect(hosts.size).toBe(1)
  finish('done')
  expect(await call).toBe('done')
  hosts.delete('b')
  expect(hosts.size).toBe(0)
})

test('without options but how to create one: a thousand', () => {
  const hosts = pipelines({ create: (host) => pipeline(host, []) })
  for (let host = 0; host < 1_001; host++) hosts.for(String(host))
  expect([hosts.size, hosts.evictions]).toEqual([1_000, 1])
})

test('nothing goes while there is room', () => {
  const hosts = pipelines({ create: (host) => pipeline(host, []), maxEntries: 2 })
  hosts.for('a')
  hosts.for('b')
  expect([hosts.size, hosts.evictions]).toEqual([2, 0])
})

test('looks a little way for one without calls in flight, not through all of them', async () => {
  for (const [busy, oldestStays] of [
    [15, true],
    [16, false],
  ] as const) {
    const hosts = pipelines({ create: (host) => pipeline(host, []), maxEntries: busy + 1 })
    let finish: () => void = () => {}
    const until = new Promise<void>((resolve) => (finish = resolve))
    const calls = Array.from({ length: busy }, (_, host) => hosts.for(`busy ${host}`).execute(() => until))
    hosts.for('idle')
    hosts.for('new')
    const names = [...hosts].map(({ name }) => name)
    expect(names.includes('busy 0')).toBe(oldestStays)
    expect(names.includes('idle')).toBe(!oldestStays)
    expect(names.length).toBe(busy + 1)
    finish()
    await Promise.all(calls)
  }
})

test('options are checked', () => {
  expect(() => pipelines({ create: (host) => pipeline(host, []), maxEntries: 0 })).toThrow('pipelines: maxEntries is 0')
})
