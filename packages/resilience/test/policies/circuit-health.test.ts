import { expect, test } from 'vitest'
import { ConsecutiveHealth } from '../../src/policies/circuit-breaker/health/consecutive.ts'
import { CountWindow } from '../../src/policies/circuit-breaker/health/count-window.ts'
import { TimeWindow } from '../../src/policies/circuit-breaker/health/time-window.ts'

const NOTHING = { calls: 0, failures: 0, slow: 0, consecutiveFailures: 0 }

test('in a row: failures since the last success; a slow call is no success until it has ended', () => {
  const health = new ConsecutiveHealth()
  expect(health.read()).toEqual(NOTHING)
  health.record(0, true, false)
  health.record(0, true, true)
  expect(health.read()).toEqual({ calls: 2, failures: 2, slow: 0, consecutiveFailures: 2 })
  health.record(0, false, true)
  health.recordLate(0)
  expect(health.read()).toMatchObject({ consecutiveFailures: 3 })
  health.record(0, false, false)
  expect(health.read()).toEqual(NOTHING)
  health.record(0, true, false)
  health.reset()
  expect(health.read()).toEqual(NOTHING)
})

test.each([
  ['count window', () => new CountWindow(10)],
  ['time window', () => new TimeWindow(1_000)],
])('%s: failures in a row end with a success, slow or not', (_name, create) => {
  const health = create()
  for (const _ of [1, 2]) health.record(0, true, false)
  expect(health.read(0)).toEqual({ calls: 2, failures: 2, slow: 0, consecutiveFailures: 2 })
  health.record(0, false, true)
  expect(health.read(0)).toEqual({ calls: 3, failures: 2, slow: 1, consecutiveFailures: 0 })
  health.record(0, true, true)
  expect(health.read(0)).toEqual({ calls: 4, failures: 3, slow: 2, consecutiveFailures: 1 })
  health.reset()
  expect(health.read(0)).toEqual(NOTHING)
  health.record(0, true, false)
  expect(health.read(0)).toEqual({ calls: 1, failures: 1, slow: 0, consecutiveFailures: 1 })
})

test('count window: the oldest goes first, whatever was recorded before a reset', () => {
  const window = new CountWindow(3)
  for (const failed of [true, true, false, true]) window.record(0, failed, false)
  expect(window.read()).toMatchObject({ calls: 3, failures: 2 })
  window.reset()
  for (const failed of [false, true, false]) window.record(0, failed, true)
  expect(window.read()).toEqual({ calls: 3, failures: 1, slow: 3, consecutiveFailures: 0 })
  window.record(0, false, false)
  expect(window.read()).toMatchObject({ calls: 3, failures: 1, slow: 2 })
  window.record(0, false, false)
  expect(window.read()).toMatchObject({ calls: 3, failures: 0, slow: 1 })
})

test('count window: a late failure is noted on the latest slow call that has none', () => {
  const window = new CountWindow(4)
  window.record(0, false, true)
  window.record(0, false, true)
  window.record(0, true, true)
  window.record(0, false, false)
  window.recordLate()
  expect(window.read()).toEqual({ calls: 4, failures: 2, slow: 3, consecutiveFailures: 1 })
  window.record(0, false, false)
  expect(window.read()).toMatchObject({ failures: 2, slow: 2 })
  window.record(0, false, false)
  expect(window.read()).toMatchObject({ failures: 1, slow: 1 })
})

test('count window: a late failure whose call the window has left counts no more', () => {
  const window = new CountWindow(2)
  for (const slow of [true, false, false]) window.record(0, false, slow)
  window.recordLate()
  expect(window.read()).toEqual({ ...NOTHING, calls: 2 })
  const fresh = new CountWindow(2)
  fresh.recordLate()
  expect(fresh.read()).toEqual(NOTHING)
})

test('count window: the call that a late failure is noted on may be where the ring begins again', () => {
  const window = new CountWindow(3)
  for (const slow of [false, false, true, false]) window.record(0, false, slow)
  window.recordLate()
  expect(window.read()).toMatchObject({ calls: 3, failures: 1, slow: 1 })
  for (const _ of [1, 2]) window.record(0, false, false)
  expect(window.read()).toMatchObject({ calls: 3, failures: 0, slow: 0 })
  const latest = new CountWindow(4)
  for (const slow of [false, true, true, false]) latest.record(0, false, slow)
  latest.recordLate()
  for (const _ of [1, 2]) latest.record(0, false, false)
  expect(latest.read()).toMatchObject({ failures: 1, slow: 1 })
  latest.record(0, false, false)
  expect(latest.read()).toMatchObject({ failures: 0, slow: 0 })
})

test('time window: forgets a tenth at a time', () => {
  const window = new TimeWindow(1_000)
  for (const at of [0, 50, 100, 950]) window.record(at, true, true)
  expect(window.read(999)).toMatchObject({ calls: 4, failures: 4, slow: 4 })
  expect(window.read(1_000)).toMatchObject({ calls: 2, failures: 2, slow: 2 })
  expect(window.read(1_099)).toMatchObject({ calls: 2 })
  expect(window.read(1_100)).toMatchObject({ calls: 1 })
  expect(window.read(1_899)).toMatchObject({ calls: 1 })
  expect(window.read(1_900)).toMatchObject({ calls: 0, failures: 0, slow: 0 })
})

test('time window: after a pause of any length it is empty, and its tenths begin where they are due', () => {
  for (const pause of [1_000, 1_050, 5_000, 123_456]) {
    const window = new TimeWindow(1_000)
    window.record(0, true, true)
    window.record(pause, true, false)
    expect(window.read(pause)).toMatchObject({ calls: 1, failures: 1, slow: 0 })
    expect(window.read(pause + 899)).toMatchObject({ calls: 1 })
    expect(window.read(pause + 1_000)).toMatchObject({ calls: 0 })
  }
})

test('time window: a late failure counts as of now', () => {
  const window = new TimeWindow(1_000)
  window.record(0, false, true)
  window.recordLate(500)
  expect(window.read(999)).toEqual({ calls: 1, failures: 1, slow: 1, consecutiveFailures: 1 })
  expect(window.read(1_000)).toMatchObject({ calls: 0, failures: 1, slow: 0 })
  expect(window.read(1_500)).toMatchObject({ failures: 0 })
})

test('time window: a late failure at the very beginning of a tenth belongs to it', () => {
  const window = new TimeWindow(1_000)
  window.record(0, false, true)
  window.recordLate(100)
  expect(window.read(1_000)).toMatchObject({ calls: 0, failures: 1 })
  expect(window.read(1_100)).toMatchObject({ failures: 0 })
})

test('time window: begins anew after a reset', () => {
  const window = new TimeWindow(1_000)
  window.record(0, true, true)
  window.record(550, true, true)
  window.reset()
  window.record(590, true, false)
  expect(window.read(1_489)).toMatchObject({ calls: 1, slow: 0 })
  expect(window.read(1_590)).toMatchObject({ calls: 0 })
})
