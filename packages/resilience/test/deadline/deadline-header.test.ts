import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEADLINE_HEADER, formatDeadline, parseDeadline } from '../../src/index.ts'

const seeded = { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 300 }
const epochs = fc.integer({ min: 0, max: 4_000_000_000_000 })

test('the name of the header is lower case, as Node gives names', () => {
  expect(DEADLINE_HEADER).toBe('x-deadline-ms')
})

test('what is left arrives as what is left, whatever the two clocks say', () => {
  fc.assert(
    fc.property(epochs, epochs, fc.integer({ min: 0, max: 86_400_000 }), (here, there, left) => {
      expect(parseDeadline(formatDeadline(here + left, here), there)).toBe(there + left)
    }),
    seeded,
  )
})

test('rounds down, ends at 0 and at a day', () => {
  expect(formatDeadline(1_000.9, 0)).toBe('1000')
  expect(formatDeadline(5, 10)).toBe('0')
  expect(formatDeadline(Number.POSITIVE_INFINITY, 0)).toBe('86400000')
  expect(parseDeadline('999999999999999', 7)).toBe(86_400_007)
})

test('anything but a whole number is no deadline', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const deadline = parseDeadline(text, 0)
      if (/^\d{1,15}$/.test(text)) expect(deadline).toBeGreaterThanOrEqual(0)
      else expect(deadline).toBeUndefined()
    }),
    seeded,
  )
  for (const header of [undefined, null, ['1', '2'], '-1', '1.5', '0x10', ' 1', '1e3'])
    expect(parseDeadline(header, 0)).toBeUndefined()
})
