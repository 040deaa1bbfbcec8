import { expect, test } from 'vitest'
import { checkOptions, checkSnapshot, OptionError, requireThat } from '../../src/options/check-options.ts'
import {
  aBoolean,
  aFunction,
  aHeaderOrFalse,
  aName,
  anObject,
  either,
  milliseconds,
  number,
  oneOf,
  orNothing,
  type Rule,
  share,
  wholeNumber,
} from '../../src/options/rules.ts'
import { show } from '../../src/options/show.ts'

const never = Number.POSITIVE_INFINITY

test.each<[() => Rule, string, yes: unknown[], no: unknown[]]>([
  [
    () => wholeNumber(2),
    'a whole number of at least 2',
    [2, 3, 2 ** 53 - 1],
    [1, 2.5, '2', 2n, 2 ** 53, never, Number.NaN],
  ],
  [() => milliseconds(1), 'a number of milliseconds of at least 1', [1, 1.5], [0.9, '1', never, Number.NaN, null]],
  [
    () => milliseconds(1, 'infinity'),
    'a number of milliseconds of at least 1, or Infinity',
    [1, never],
    [0, -never, '1'],
  ],
  [() => number(0.5), 'a number of at least 0.5', [0.5, 1e9], [0.4, never, '1', Number.NaN]],
  [() => number(0, 1), 'a number of at least 0 and at most 1', [0, 0.5, 1], [-0.1, 1.1, '1']],
  [() => share, 'a share above 0 and at most 1 (0.5 is half)', [0.001, 1], [0, 1.001, '0.5', true]],
  [() => aFunction, 'a function', [() => 1], [{}, null, 'f']],
  [() => aBoolean, 'true or false', [true, false], [0, 'true', null]],
  [() => anObject, 'an object', [{}, []], [null, 'o', () => 1]],
  [() => aName, 'a string with something in it', ['x'], ['', 1, ['x']]],
  [() => oneOf('a', 'b'), "one of 'a', 'b'", ['a', 'b'], ['c', '', 1, ['a']]],
  [
    () => either(aName, wholeNumber(1)),
    'a string with something in it, or a whole number of at least 1',
    ['x', 1],
    ['', 0],
  ],
  [() => aHeaderOrFalse, 'the name of a header, or false', ['x-deadline-ms', false], ['', true, null, 0]],
  [() => orNothing(aName), 'a string with something in it, or nothing', ['x', undefined], ['', null]],
  [() => oneOf(true), 'true', [true], [false, 'true']],
])('%# %s: %s', (create, text, yes, no) => {
  const rule = create()
  expect(rule.text).toBe(text)
  for (const value of yes) expect([value, rule.test(value)]).toEqual([value, true])
  for (const value of no) expect([value, rule.test(value)]).toEqual([value, false])
})

test.each([
  ['text', "'text'"],
  [() => 1, 'a function'],
  [[1], 'an array'],
  [{}, 'an object'],
  [null, 'null'],
  [undefined, 'undefined'],
  [5, '5'],
  [5n, '5'],
  [true, 'true'],
])('%o stands in a message as %s', (value, shown) => {
  expect(show(value)).toBe(shown)
})

const RULES = new Map([
  ['maxAttempts', { rule: wholeNumber(1) }],
  ['handleError', { rule: aFunction }],
  ['name', { rule: aName }],
])

/** What is said of an option of this name. */
function saidOf(option: string): string {
  try {
    checkOptions('sample', { [option]: 1 }, RULES)
  } catch (error) {
    return error instanceof OptionError ? error.message : String(error)
  }
  return ''
}

test.each([
  ['maxAttempt', 'maxAttempts'],
  ['MAXATTEMPTS', 'maxAttempts'],
  ['mxAtmpts', 'maxAttempts'],
  ['maxAttemptsAll', 'maxAttempts'],
  ['maxAttmeptz', 'maxAttempts'],
  ['onError', undefined],
  ['hndlErrr', 'handleError'],
  ['handelError', 'handleError'],
  ['tag', 'name'],
  ['xAttempt', 'maxAttempts'],
  ['xAttemp', undefined],
  ['attempts', 'maxAttempts'],
  ['maxTrialsIn', undefined],
])('%s: did you mean %s?', (option, meant) => {
  const hint = meant === undefined ? '(there are: maxAttempts, handleError, name)' : `(did you mean ${meant}?)`
  expect(saidOf(option)).toBe(`sample: there is no option ${option} ${hint}`)
})

test('an error names policy and option to programs', () => {
  expect(() => checkOptions('sample', { maxAttempts: 0 }, RULES)).toThrow(
    expect.objectContaining({ name: 'OptionError', policy: 'sample', option: 'maxAttempts', code: 'INVALID_OPTION' }),
  )
  expect(() => requireThat(false, 'sample', 'name', 'must not be')).toThrow(
    expect.objectContaining({ message: 'sample: must not be', option: 'name' }),
  )
  expect(() => requireThat(true, 'sample', 'name', 'must not be')).not.toThrow()
})

test('a snapshot must have every value, each right', () => {
  const rules = { state: oneOf('open', 'closed'), since: number(0) }
  expect(() => checkSnapshot('sample', { state: 'open', since: 0, more: 1 }, rules)).not.toThrow()
  for (const [snapshot, message] of [
    [undefined, "the snapshot's state is undefined, but must be one of 'open', 'closed'"],
    [null, "the snapshot's state is undefined"],
    ['text', "the snapshot's state is undefined"],
    [{ state: 'open' }, "the snapshot's since is undefined, but must be a number of at least 0"],
    [{ state: 'shut', since: 0 }, "the snapshot's state is 'shut'"],
  ] as const)
    expect(() => checkSnapshot('sample', snapshot, rules)).toThrow(`sample: ${message}`)
})
