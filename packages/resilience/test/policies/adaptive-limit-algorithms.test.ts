import { expect, test } from 'vitest'
import { Aimd } from '../../src/policies/adaptive-limit/aimd.ts'
import { Gradient, type GradientOptions } from '../../src/policies/adaptive-limit/gradient.ts'
import type { LimitAlgorithm, Sample } from '../../src/policies/adaptive-limit/limit-algorithm.ts'
import { SampleWindow } from '../../src/policies/adaptive-limit/sample-window.ts'

const DEFAULTS = { smoothing: 0.2, tolerance: 1.5, queueSize: 4, longWindow: 600, sampleWindow: 0 }

function gradient(options: GradientOptions = {}): Gradient {
  return new Gradient({ ...DEFAULTS, ...options })
}

/** Ten calls, which is what one step of the gradient takes. @returns the new limit */
function step(algorithm: LimitAlgorithm, duration: number, limit: number, more: Partial<Sample> = {}): number {
  let next = limit
  for (let call = 0; call < 10; call++)
    next = algorithm.update({ at: 0, duration, inFlight: limit, dropped: false, ...more }, limit)
  return next
}

/** What a limit becomes at a gradient, with the default smoothing and queue. */
function moved(limit: number, by: number): number {
  return limit * 0.8 + (limit * by + 4) * 0.2
}

test('gradient: grows by the queue while calls take as long as usual', () => {
  const algorithm = gradient()
  expect(step(algorithm, 10, 20)).toBeCloseTo(20.8, 9)
  expect(step(algorithm, 10, 100)).toBeCloseTo(100.8, 9)
  expect(step(gradient({ queueSize: 10, smoothing: 0.5 }), 10, 20)).toBeCloseTo(25, 9)
})

test('gradient: durations up to the tolerance are as usual, longer ones lower the limit in proportion', () => {
  const algorithm = gradient()
  step(algorithm, 10, 20)
  expect(step(algorithm, 40, 20)).toBeCloseTo(moved(20, (1.5 * 25) / 40), 9)
  const tolerant = gradient({ tolerance: 2 })
  step(tolerant, 10, 20)
  expect(step(tolerant, 40, 20)).toBeCloseTo(moved(20, 1), 9)
})

test('gradient: halves at most', () => {
  const algorithm = gradient({ tolerance: 1 })
  for (let each = 0; each < 4; each++) step(algorithm, 10, 20)
  expect(step(algorithm, 1_000_000, 20)).toBeCloseTo(moved(20, 0.5), 9)
})

test('gradient: what is usual is a plain average at first, and one of the long window from then on', () => {
  const algorithm = gradient({ tolerance: 1 })
  for (let each = 0; each < 9; each++) step(algorithm, 10, 20)
  expect(step(algorithm, 15, 20)).toBeCloseTo(moved(20, 10.5 / 15), 9)
  expect(step(algorithm, 20, 20)).toBeCloseTo(moved(20, (10.5 + (9.5 * 2) / 601) / 20), 9)
})

test('gradient: forgets what was usual faster while calls take less than half of it', () => {
  const algorithm = gradient({ tolerance: 1 })
  step(algorithm, 100, 20)
  step(algorithm, 10, 20)
  const usual = 55 * 0.95
  expect(step(algorithm, 100, 20)).toBeCloseTo(moved(20, (usual + (100 - usual) / 3) / 100), 9)
})

test('gradient: half of the usual is not yet less than half', () => {
  const algorithm = gradient({ tolerance: 1 })
  step(algorithm, 30, 20)
  step(algorithm, 10, 20)
  expect(step(algorithm, 60, 20)).toBeCloseTo(moved(20, (20 + 40 / 3) / 60), 9)
})

test('gradient: a drop lowers the limit, however fast the calls', () => {
  expect(step(gradient(), 10, 20, { dropped: true })).toBeCloseTo(18, 9)
  expect(step(gradient({ smoothing: 1 }), 10, 20, { dropped: true })).toBeCloseTo(10, 9)
})

test('gradient: a limit that is not half used says nothing', () => {
  expect(step(gradient(), 10, 20, { inFlight: 9 })).toBe(20)
  expect(step(gradient(), 10, 20, { inFlight: 10 })).toBeCloseTo(20.8, 9)
})

test('gradient: calls that take no time at all do not lower the limit', () => {
  const algorithm = gradient()
  expect(step(algorithm, 0, 20)).toBeCloseTo(20.8, 9)
  expect(step(algorithm, 0, 20)).toBeCloseTo(20.8, 9)
})

test('gradient: takes over what is usual from another gradient; AIMD knows nothing of it', () => {
  const before = gradient({ tolerance: 1 })
  for (let each = 0; each < 3; each++) step(before, 10, 20)
  const next = gradient({ tolerance: 1, queueSize: 0 })
  next.takeOver(before.learnt())
  expect(step(next, 50, 20)).toBeCloseTo(20 * 0.8 + 20 * 0.2 * 0.5, 9)
  const fresh = gradient({ tolerance: 1 })
  fresh.takeOver(new Aimd({ decrease: 0.9, slowCall: 5_000 }).learnt())
  expect(step(fresh, 50, 20)).toBeCloseTo(20.8, 9)
})

test('a step takes ten calls and its time, and is their mean, their most and their worst', () => {
  const window = new SampleWindow(100)
  const add = (at: number, duration = 10, inFlight = 1, dropped = false) =>
    window.add({ at, duration, inFlight, dropped })
  for (let call = 0; call < 8; call++) expect(add(0)).toBeUndefined()
  expect(add(0, 30, 7, true)).toBeUndefined()
  expect(add(99, 10)).toBeUndefined()
  expect(add(100, 20)).toEqual({ at: 100, duration: 140 / 11, inFlight: 7, dropped: true })
  for (let call = 0; call < 9; call++) expect(add(500)).toBeUndefined()
  expect(add(600)).toEqual({ at: 600, duration: 10, inFlight: 1, dropped: false })
})

test('a step takes ten calls, however long they take', () => {
  const window = new SampleWindow(100)
  for (let call = 0; call < 9; call++)
    expect(window.add({ at: call * 1_000, duration: 10, inFlight: 1, dropped: false })).toBeUndefined()
  expect(window.add({ at: 9_000, duration: 10, inFlight: 1, dropped: false })).toBeDefined()
})

test('aimd: one more while the limit is half used, a share less for each drop or slow call', () => {
  const algorithm = new Aimd({ decrease: 0.5, slowCall: 100 })
  const update = (sample: Partial<Sample>) =>
    algorithm.update({ at: 0, duration: 10, inFlight: 20, dropped: false, ...sample }, 20)
  expect(update({})).toBe(21)
  expect(update({ inFlight: 10 })).toBe(21)
  expect(update({ inFlight: 9 })).toBe(20)
  expect(update({ dropped: true })).toBe(10)
  expect(update({ duration: 100 })).toBe(21)
  expect(update({ duration: 100.1 })).toBe(10)
})
