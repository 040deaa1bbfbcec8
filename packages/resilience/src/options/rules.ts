import { show } from './show.ts'

/** What an option's value must be: a test, and the rule in words for the message. */
export interface Rule {
  test(value: unknown): boolean
  text: string
}

export function wholeNumber(minimum: number): Rule {
  return {
    test: (value) => Number.isSafeInteger(value) && Number(value) >= minimum,
    text: `a whole number of at least ${minimum}`,
  }
}

/** Milliseconds; Infinity is allowed where "never" means something. */
export function milliseconds(minimum: number, upTo: 'finite' | 'infinity' = 'finite'): Rule {
  const orInfinity = upTo === 'infinity' ? ', or Infinity' : ''
  return {
    test: (value) => typeof value === 'number' && value >= minimum && (Number.isFinite(value) || upTo === 'infinity'),
    text: `a number of milliseconds of at least ${minimum}${orInfinity}`,
  }
}

export function number(minimum: number, maximum: number = Number.POSITIVE_INFINITY): Rule {
  const most = maximum === Number.POSITIVE_INFINITY ? '' : ` and at most ${maximum}`
  return {
    test: (value) => typeof value === 'number' && value >= minimum && value <= maximum && Number.isFinite(value),
    text: `a number of at least ${minimum}${most}`,
  }
}

/** A share: above 0, at most 1. */
export const share: Rule = {
  test: (value) => typeof value === 'number' && value > 0 && value <= 1,
  text: 'a share above 0 and at most 1 (0.5 is half)',
}

export const aFunction: Rule = { test: (value) => typeof value === 'function', text: 'a function' }

export const aBoolean: Rule = { test: (value) => typeof value === 'boolean', text: 'true or false' }

export const anObject: Rule = { test: (value) => typeof value === 'object' && value !== null, text: 'an object' }

export const aName: Rule = {
  test: (value) => typeof value === 'string' && value.length > 0,
  text: 'a string with something in it',
}

export const aHeaderOrFalse: Rule = {
  test: (value) => value === false || aName.test(value),
  text: 'the name of a header, or false',
}

export function oneOf(...values: readonly (string | boolean)[]): Rule {
  return {
    test: (value) => values.some((each) => each === value),
    text: values.length === 1 ? String(values[0]) : `one of ${values.map((each) => show(each)).join(', ')}`,
  }
}

export function orNothing(rule: Rule): Rule {
  return { test: (value) => value === undefined || rule.test(value), text: `${rule.text}, or nothing` }
}

export function either(first: Rule, second: Rule): Rule {
  return { test: (value) => first.test(value) || second.test(value), text: `${first.text}, or ${second.text}` }
}
