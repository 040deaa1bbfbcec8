import { describe, expect, test } from 'vitest'
import type { Fault } from '../src/faults/fault.ts'
import { lostReply, slowReply } from '../src/faults/toxic-effect.ts'
import { startClock } from '../src/run/clock.ts'
import type { RunEvent } from '../src/run/events.ts'
import { followSchedule } from '../src/run/fault-schedule.ts'

const untilSaved: Fault = {
  id: 'f1',
  ...lostReply('client-order'),
  from: { order: 1, after: 0 },
  until: { savedWithin: 3 },
}
const twoAttempts: Fault = {
  id: 'f2',
  ...lostReply('order-menu'),
  from: { order: 1, after: 0 },
  until: { attempts: 2 },
}
const forAnHour: Fault = {
  id: 'f3',
  ...slowReply('order-menu', 10),
  from: { order: 1, after: 0 },
  until: { ms: 3_600_000 },
}
const inAnHour: Fault = {
  id: 'f4',
  ...slowReply('order-menu', 10),
  from: { order: 1, after: 3_600_000 },
  until: { ms: 1 },
}
const briefly: Fault = { id: 'f5', ...slowReply('order-menu', 10), from: { at: 5 }, until: { ms: 5 } }

/** Faults that are only counted: what is in place, and what happened. */
function follow(
  schedule: Fault[],
  { isSaved = async () => false, fails = false, saved = new Promise<void>(() => {}) } = {},
) {
  const inPlace = new Set<string>()
  const events: RunEvent[] = []
  const running = followSchedule(
    schedule,
    {
      clock: startClock(),
      listener: (event) => events.push(event),
      async start({ id }) {
        if (fails) throw new Error('no proxy')
        inPlace.add(id)
        return {
          async end() {
            inPlace.delete(id)
            return { recoveryMs: 1 }
          },
        }
      },
    },
    { isSaved, untilSaved: (_order, lifted) => Promise.race([saved, aborted(lifted)]) },
  )
  return { ...running, inPlace, events }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
}

test('a fault that waits for its order to be saved comes at that moment', async () => {
  const { promise: saved, resolve } = Promise.withResolvers<void>()
  const kill: Fault = { id: 'k', kind: 'kill', target: 'order', from: { order: 1, saved: true }, until: { ms: 60_000 } }
  const schedule = follow([kill], { saved })
  await schedule.orderStarts(1)
  expect(schedule.inPlace).toEqual(new Set())
  resolve()
  await expect.poll(() => schedule.inPlace).toEqual(new Set(['k']))
  await schedule.orderEnded(1)
  expect(schedule.inPlace).toEqual(new Set())
})

test('and never comes when its order ends unsaved', async () => {
  const kill: Fault = { id: 'k', kind: 'kill', target: 'order', from: { order: 1, saved: true }, until: { ms: 60_000 } }
  const schedule = follow([kill])
  await schedule.orderStarts(1)
  await schedule.orderEnded(1)
  expect(schedule.inPlace).toEqual(new Set())
  expect(await schedule.records()).toEqual([])
})

test('a fault is in place before the first attempt, and in no other order', async () => {
  const schedule = follow([untilSaved])
  await schedule.orderStarts(2)
  expect(schedule.inPlace).toEqual(new Set())
  await schedule.orderStarts(1)
  expect(schedule.inPlace).toEqual(new Set(['f1']))
  await schedule.stop()
})

describe('a fault that ends with attempts', () => {
  test('is over once its number of attempts has ended, before the next one starts', async () => {
    const schedule = follow([twoAttempts])
    await schedule.orderStarts(1)
    await schedule.attemptEnded(1, 1)
    expect(schedule.inPlace).toEqual(new Set(['f2']))
    await schedule.attemptEnded(1, 2)
    expect(schedule.inPlace).toEqual(new Set())
  })

  test('is over when its order ends before', async () => {
    const schedule = follow([twoAttempts, untilSaved])
    await schedule.orderStarts(1)
    await schedule.orderEnded(1)
    expect(schedule.inPlace).toEqual(new Set())
  })

  test('stays until the order is saved, and no longer than it says', async () => {
    let saved = false
    const schedule = follow([untilSaved], { isSaved: async () => saved })
    await schedule.orderStarts(1)
    await schedule.attemptEnded(1, 1)
    expect(schedule.inPlace.size).toBe(1)
    saved = true
    await schedule.attemptEnded(1, 2)
    expect(schedule.inPlace.size).toBe(0)

    const never = follow([untilSaved])
    await never.orderStarts(1)
    for (const attempts of [1, 2, 3]) await never.attemptEnded(1, attempts)
    expect(never.inPlace.size).toBe(0)
  })
})

test('stop lifts what is in place, and what has not appeared never does', async () => {
  const schedule = follow([forAnHour, inAnHour])
  await schedule.orderStarts(1)
  expect(schedule.inPlace).toEqual(new Set(['f3']))
  await schedule.stop()
  await schedule.orderStarts(1)
  expect(schedule.inPlace).toEqual(new Set())
  expect(await schedule.records()).toMatchObject([{ fault: { id: 'f3' }, recoveryMs: 1 }])
})

test('calm waits for faults that are anchored to times, and each is told twice', async () => {
  const schedule = follow([briefly])
  schedule.begin()
  await schedule.calm()
  expect(schedule.inPlace).toEqual(new Set())
  expect(schedule.events.map(({ type }) => type)).toEqual(['fault started', 'fault ended'])
})

test('a fault that cannot be put in place fails the order, not silently', async () => {
  const schedule = follow([untilSaved], { fails: true })
  await expect(schedule.orderStarts(1)).rejects.toThrow('no proxy')
})
