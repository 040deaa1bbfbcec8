import { expect, test } from 'vitest'
import { type Backoff, constant, exponential, linear } from '../../src/index.ts'

/** The delays after the first attempts when chance always says the same. */
function delays(backoff: Backoff, chance: number, attempts = 4): number[] {
  let previous = 0
  return Array.from({ length: attempts }, (_, index) => {
    previous = backoff({ attempt: index + 1, previous, error: undefined, random: () => chance })
    return previous
  })
}

test('constant: the same each time, unless there is jitter', () => {
  expect(delays(constant(100), 0.5, 2)).toEqual([100, 100])
  expect(delays(constant(100, { jitter: 'none' }), 0.5, 2)).toEqual([100, 100])
  expect(delays(constant(100, { jitter: 'full' }), 0.25, 2)).toEqual([25, 25])
  expect(delays(constant(100, { jitter: 'equal' }), 0.25, 2)).toEqual([62.5, 62.5])
})

test('linear: 100 ms more each time up to 10 s, with full jitter, unless told otherwise', () => {
  expect(delays(linear(), 0.5)).toEqual([50, 100, 150, 200])
  expect(delays(linear(), 1, 150).at(-1)).toBe(10_000)
  expect(delays(linear({ initial: 30 }), 1)).toEqual([30, 60, 90, 120])
  expect(delays(linear({ initial: 30, increment: 5, max: 42, jitter: 'none' }), 0)).toEqual([30, 35, 40, 42])
  expect(delays(linear({ jitter: 'equal' }), 0.5, 2)).toEqual([75, 150])
})

test('exponential: from 100 ms doubling up to 10 s, with full jitter, unless told otherwise', () => {
  expect(delays(exponential(), 0.5)).toEqual([50, 100, 200, 400])
  expect(delays(exponential(), 1, 9)).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000])
  expect(delays(exponential({ initial: 10, factor: 3, max: 100, jitter: 'none' }), 0)).toEqual([10, 30, 90, 100])
  expect(delays(exponential({ jitter: 'equal' }), 0, 2)).toEqual([50, 100])
})

test('decorrelated: between the first delay and three times the one before', () => {
  const backoff = exponential({ initial: 100, max: 2_000, jitter: 'decorrelated' })
  expect(delays(backoff, 0)).toEqual([100, 100, 100, 100])
  expect(delays(backoff, 0.5)).toEqual([100, 200, 350, 575])
  expect(delays(backoff, 1)).toEqual([100, 300, 900, 2_000])
})

test.each([
  [
    () => constant(1, { jitter: JSON.parse('"some"') }),
    "constant: jitter is 'some', but must be one of 'none', 'full', 'equal'",
  ],
  [() => constant(Number.NaN), 'constant: delay is NaN'],
  [
    () => linear({ jitter: JSON.parse('"decorrelated"') }),
    "linear: jitter is 'decorrelated', but must be one of 'none', 'full', 'equal'",
  ],
  [() => linear({ initial: -1 }), 'linear: initial is -1'],
  [() => linear({ increment: -1 }), 'linear: increment is -1'],
  [
    () => exponential({ jitter: JSON.parse('"some"') }),
    "exponential: jitter is 'some', but must be one of 'none', 'full', 'equal', 'decorrelated'",
  ],
  [() => exponential({ initial: -1 }), 'exponential: initial is -1'],
  [() => exponential({ max: -1 }), 'exponential: max is -1'],
  [() => exponential({ factor: Number.POSITIVE_INFINITY }), 'exponential: factor is Infinity'],
])('%s: %s', (create, message) => {
  expect(create).toThrow(message)
})
