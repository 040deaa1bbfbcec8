import { expect, test } from 'vitest'
import { type VirtualWorld, virtualWorld } from '../../src/testing/index.ts'
import { type Expiry, expiriesOf, remove } from '../../src/world/expiries.ts'
import type { Timer } from '../../src/world/world.ts'

/** One that writes down when it expired. */
function entry(world: VirtualWorld, expired: unknown[], name = ''): Expiry {
  return {
    at: undefined,
    previous: undefined,
    next: undefined,
    expire: () => expired.push(name === '' ? world.now() : [name, world.now()]),
  }
}

test('each expires after its own time, in the order of adding', async () => {
  const world = virtualWorld()
  const list = expiriesOf(world, 100)
  const expired: unknown[] = []
  for (const name of ['a', 'b', 'c']) {
    list.add(entry(world, expired, name), world.now())
    await world.advance(name === 'b' ? 0 : 30)
  }
  await world.advance(1_000)
  expect(expired).toEqual([
    ['a', 100],
    ['b', 130],
    ['c', 130],
  ])
  expect(world.pending).toBe(0)
})

test('what is removed does not expire, be it first, last or between; twice is once', async () => {
  const world = virtualWorld()
  const list = expiriesOf(world, 100)
  const expired: unknown[] = []
  const entries = ['a', 'b', 'c', 'd', 'e'].map((name) => entry(world, expired, name))
  for (const each of entries) list.add(each, 0)
  for (const index of [0, 2, 2, 4]) remove(entries[index]!)
  await world.advance(100)
  expect(expired).toEqual([
    ['b', 100],
    ['d', 100],
  ])
  remove(entries[1]!)
  const again = entry(world, expired, 'f')
  list.add(again, world.now())
  await world.advance(100)
  expect(expired.length).toBe(3)
})

test('one timer, and none that does nothing for ever', async () => {
  const world = virtualWorld()
  const list = expiriesOf(world, 100)
  for (let each = 0; each < 10; each++) {
    const expiry = entry(world, [])
    list.add(expiry, world.now())
    remove(expiry)
    await world.advance(10)
  }
  expect(world.pending).toBeLessThanOrEqual(1)
  await world.advance(100)
  expect(world.pending).toBe(0)
})

test('one that expires may add another, and remove the next', async () => {
  const world = virtualWorld()
  const list = expiriesOf(world, 100)
  const expired: unknown[] = []
  const next = entry(world, expired)
  const first: Expiry = {
    ...entry(world, expired),
    expire() {
      remove(next)
      list.add(entry(world, expired), world.now())
    },
  }
  list.add(first, 0)
  list.add(next, 0)
  await world.advance(99)
  expect(expired).toEqual([])
  await world.advance(500)
  expect(expired).toEqual([200])
  expect(world.pending).toBe(0)
})

test('the list is the same for everyone who asks for the same duration in the same world', () => {
  const world = virtualWorld()
  const list = expiriesOf(world, 100)
  expect(expiriesOf(world, 100)).toBe(list)
  expect(expiriesOf(world, 101)).not.toBe(list)
  expect(expiriesOf(virtualWorld(), 100)).not.toBe(list)
})

test('keeps a process that is about to end alive for what is waited for, and for nothing else', async () => {
  const timers: { delay: number; background: boolean }[] = []
  const idle: (() => void)[] = []
  const virtual = virtualWorld()
  const world = {
    now: () => virtual.now(),
    epoch: () => virtual.epoch(),
    random: () => 0,
    setTimer(delay: number, callback: () => void, background = false): Timer {
      timers.push({ delay, background })
      return virtual.setTimer(delay, callback)
    },
    onIdle: (callback: () => void) => idle.push(callback),
  }
  const list = expiriesOf(world, 100)
  expiriesOf(world, 200)
  expect(idle.length).toBe(1)
  const expired: unknown[] = []
  const expiry = entry(virtual, expired)
  list.add(expiry, 0)
  expect(timers).toEqual([{ delay: 100, background: true }])
  await virtual.advance(40)
  idle[0]?.()
  expect(timers.slice(1)).toEqual([{ delay: 60, background: false }])
  await virtual.advance(60)
  expect(expired).toEqual([100])
  idle[0]?.()
  list.add(expiry, 100)
  remove(expiry)
  idle[0]?.()
  expect(timers.filter(({ background }) => !background).length).toBe(1)
})

test('a clock that is a little ahead of its timer expires nothing early', async () => {
  const virtual = virtualWorld()
  let behind = 0.4
  const world = Object.assign(Object.create(virtual), { now: () => virtual.now() - behind, onIdle() {} })
  const expired: unknown[] = []
  const list = expiriesOf(world, 100)
  list.add(entry(virtual, expired), world.now() + 0.4)
  await virtual.advance(100)
  expect(expired).toEqual([])
  behind = 0
  await virtual.advance(1)
  expect(expired).toEqual([101])
})
