import { expect, test } from 'vitest'
import { seededRandom } from '../src/index.ts'
import { fc, settings } from './fixtures/property.ts'

test('the numbers of a seed are the same on every machine', () => {
  const random = seededRandom(7)
  expect(Array.from({ length: 6 }, () => random.integer(0, 999))).toMatchInlineSnapshot(`
    [
      836,
      400,
      211,
      607,
      822,
      898,
    ]
  `)
  expect(seededRandom(7).shuffle(['a', 'b', 'c', 'd', 'e'])).toMatchInlineSnapshot(`
    [
      "c",
      "b",
      "d",
      "e",
      "a",
    ]
  `)
})

test('integers stay within both ends and reach them', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: -50, max: 50 }),
      fc.integer({ min: 0, max: 5 }),
      (seed, from, width) => {
        const random = seededRandom(seed)
        const drawn = new Set(Array.from({ length: 300 }, () => random.integer(from, from + width)))
        expect(drawn).toEqual(new Set(Array.from({ length: width + 1 }, (_, index) => from + index)))
      },
    ),
    settings(50),
  )
})

test('a shuffle keeps every item, once', () => {
  fc.assert(
    fc.property(fc.integer(), fc.uniqueArray(fc.integer()), (seed, items) => {
      expect(seededRandom(seed).shuffle(items).sort()).toEqual([...items].sort())
    }),
    settings(100),
  )
})

test('what is drawn from one stream changes nothing in another', () => {
  const alone = seededRandom(3).fork('disruptions').next()
  const random = seededRandom(3)
  random.next()
  random.fork('toxics').next()
  expect(random.fork('disruptions').next()).toBe(alone)
  expect(random.fork('toxics').next()).not.toBe(alone)
})

test('neighbouring seeds have nothing in common', () => {
  const firsts = Array.from({ length: 1_000 }, (_, seed) => seededRandom(seed).next())
  const mean = firsts.reduce((sum, each) => sum + each, 0) / firsts.length
  expect(mean).toBeGreaterThan(0.45)
  expect(mean).toBeLessThan(0.55)
  expect(new Set(firsts).size).toBe(1_000)
})

test('nothing to pick from is an error', () => {
  expect(() => seededRandom(1).pick([])).toThrow(RangeError)
})
