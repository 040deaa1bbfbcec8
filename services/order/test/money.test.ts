import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromCents, toCents, totalInCents } from '../src/index.ts'

const parameters = { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 1_000 }
const cents = fc.integer({ min: 0, max: 10_000_000 })
const percentage = fc.integer({ min: 0, max: 100 })
const items = fc.array(
  fc.record({ quantity: fc.integer({ min: 1, max: 100 }), priceInCents: fc.integer({ min: 1, max: 1_000_000 }) }),
  { maxLength: 50 },
)

test.each([
  [
    [
      [2, 1_000],
      [1, 500],
    ],
    0,
    2_500,
  ],
  [
    [
      [1, 1_000],
      [1, 500],
      [2, 250],
    ],
    1,
    1_980,
  ],
  [
    [
      [2, 1_000],
      [2, 500],
    ],
    1,
    2_970,
  ],
  [
    [
      [1, 500],
      [2, 250],
    ],
    2,
    980,
  ],
  // Half a cent is rounded up, less is dropped.
  [[[1, 50]], 1, 50],
  [[[1, 51]], 1, 50],
  [[[1, 150]], 1, 149],
])('%j at %i %% off costs %i cents', (lines, discount, total) => {
  const ordered = lines.map(([quantity = 0, priceInCents = 0]) => ({ quantity, priceInCents }))
  expect(totalInCents(ordered, discount)).toBe(total)
})

test('amounts come back as they went out, through JSON', () => {
  fc.assert(
    fc.property(cents, (amount) => {
      expect(toCents(JSON.parse(JSON.stringify(fromCents(amount))))).toBe(amount)
    }),
    parameters,
  )
})

test('a total is whole cents, and the exact one rounded half up', () => {
  fc.assert(
    fc.property(items, percentage, (ordered, discount) => {
      const full = ordered.reduce((sum, item) => sum + BigInt(item.quantity) * BigInt(item.priceInCents), 0n)
      const exactHundredths = full * BigInt(100 - discount)
      const rounded = (exactHundredths + 50n) / 100n
      expect(BigInt(totalInCents(ordered, discount))).toBe(rounded)
    }),
    parameters,
  )
})

test('a higher discount never costs more, none costs the sum, all costs nothing', () => {
  fc.assert(
    fc.property(items, percentage, percentage, (ordered, one, other) => {
      const [less, more] = one < other ? [one, other] : [other, one]
      expect(totalInCents(ordered, more)).toBeLessThanOrEqual(totalInCents(ordered, less))
      expect(totalInCents(ordered, 0)).toBe(ordered.reduce((sum, item) => sum + item.quantity * item.priceInCents, 0))
      expect(totalInCents(ordered, 100)).toBe(0)
    }),
    parameters,
  )
})
