import { expect, test } from 'vitest'
import { OptionError } from '../../src/options/check-options.ts'
import { OptionTable } from '../../src/options/option-table.ts'
import { number, wholeNumber } from '../../src/options/rules.ts'

interface Options {
  limit: number
  rate?: number
  extra?: number
  window?: number
}

const table = new OptionTable<Options, 'extra'>(
  'sample',
  {
    limit: { rule: wholeNumber(1), required: true },
    rate: { rule: number(0, 1), default: 0.5 },
    extra: { rule: wholeNumber(0), default: undefined },
    window: { rule: wholeNumber(1), default: 10, fixed: true },
  },
  ({ limit, extra = 0 }) => {
    if (extra > limit) throw new OptionError('sample', 'extra', `extra is ${extra}, but limit is ${limit}`)
  },
)

/** As from a file, where no compiler objects. */
const parsed = (json: string) => JSON.parse(json)

test('what is not given is the default, or nothing where there is none', () => {
  expect(table.create({ limit: 3 })).toStrictEqual({ limit: 3, rate: 0.5, extra: undefined, window: 10 })
  expect(table.create({ limit: 3, rate: 0, extra: 2, window: 4 })).toStrictEqual({
    limit: 3,
    rate: 0,
    extra: 2,
    window: 4,
  })
})

test('undefined counts as not given', () => {
  const given: Options = parsed('{"limit":3}')
  expect(table.create({ ...given, ...parsed('{}'), rate: undefined } as Options).rate).toBe(0.5)
})

test.each([
  ['{}', 'sample: limit must be given: a whole number of at least 1', 'limit'],
  ['{"limit":0}', 'sample: limit is 0, but must be a whole number of at least 1', 'limit'],
  ['{"limit":3,"rat":1}', 'sample: there is no option rat (did you mean rate?)', 'rat'],
  ['{"limit":3,"extra":4}', 'extra is 4, but limit is 3', 'extra'],
  ['5', 'sample: the options are 5, but must be an object', ''],
  ['null', 'sample: the options are null, but must be an object', ''],
])('%s: %s', (json, message, option) => {
  let error: unknown
  try {
    table.create(parsed(json))
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(OptionError)
  expect(error).toMatchObject({ policy: 'sample', option, code: 'INVALID_OPTION' })
  expect(error).toHaveProperty('message', expect.stringContaining(message))
})

test('a change keeps what it does not name, and the settings of before', () => {
  const before = table.create({ limit: 3, extra: 1 })
  expect(table.change(before, { rate: 1 })).toStrictEqual({ limit: 3, rate: 1, extra: 1, window: 10 })
  expect(before.rate).toBe(0.5)
})

test('a change is checked alone and with what stays', () => {
  const before = table.create({ limit: 3, extra: 3 })
  expect(() => table.change(before, { rate: 2 })).toThrow('rate is 2')
  expect(() => table.change(before, { limit: 2 })).toThrow('extra is 3, but limit is 2')
  expect(() => table.change(before, parsed('{"limits":2}'))).toThrow('did you mean limit?')
})

test('a fixed option may be named again, but not changed', () => {
  const before = table.create({ limit: 3, window: 20 })
  expect(table.change(before, { window: 20, rate: 1 }).rate).toBe(1)
  expect(() => table.change(before, { window: 21 })).toThrow(
    'sample: window is 20 for as long as it lives; for 21, make another',
  )
})
