import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomFor } from '../../src/random.ts'
import { kindOf } from '../../src/toxics/registry.ts'
import { slices } from '../../src/toxics/slices.ts'
import { property } from '../support/property.ts'

test.each([
  ['latency', { latency: -1 }, 'latency: latency must be an integer ≥ 0, not -1'],
  ['latency', { jitter: '5' }, 'latency: jitter must be an integer ≥ 0, not "5"'],
  ['bandwidth', { rate: -5 }, 'bandwidth: rate must be an integer ≥ 0, not -5'],
  ['limit_data', { bytes: 1e300 }, 'limit_data: bytes must be an integer ≥ 0, not 1e+300'],
  ['slicer', {}, 'slicer: average_size must be at least 1, since no slice can be empty'],
  ['slicer', { average_size: 5, size_variation: 6 }, 'slicer: size_variation must be at most average_size (5)'],
  ['latency', [1], 'attributes must be an object'],
])('%s %j is refused with the rule that it breaks', (type, attributes, message) => {
  expect(() => kindOf(type)?.settle(attributes)).toThrow(`bad request body: ${message}`)
})

test('slices add up, none is empty or larger than average and variation together', () => {
  property(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 300 }),
      fc.nat(300),
      (length, average, wish) => {
        const variation = Math.min(wish, average)
        const sizes = slices(length, average, variation, randomFor(length, average))
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(length)
        expect(Math.min(...sizes)).toBeGreaterThan(0)
        expect(Math.max(...sizes)).toBeLessThanOrEqual(average + variation)
      },
    ),
  )
})

test('a purpose has its own numbers, evenly spread and the same for the same seed', () => {
  const draw = (...purpose: (string | number)[]) => Array.from({ length: 1000 }, randomFor(7, ...purpose))
  expect(draw('a', 1)).toEqual(draw('a', 1))
  expect(draw('a', 1)).not.toEqual(draw('a', 2))
  const firsts = Array.from({ length: 2000 }, (_, connection) =>
    randomFor(7, 'proxy', 'toxic', connection, 'toxicity')(),
  )
  const mean = firsts.reduce((sum, value) => sum + value, 0) / firsts.length
  expect(mean).toBeGreaterThan(0.47)
  expect(mean).toBeLessThan(0.53)
})
