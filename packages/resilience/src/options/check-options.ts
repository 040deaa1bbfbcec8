import type { Rule } from './rules.ts'
import { show } from './show.ts'

/** A policy was given an option that it cannot work with. Thrown when the policy is created, never later. */
export class OptionError extends TypeError {
  readonly code = 'INVALID_OPTION'
  readonly policy: string
  readonly option: string

  constructor(policy: string, option: string, message: string) {
    super(`${policy}: ${message}`)
    this.policy = policy
    this.option = option
  }
}
Object.defineProperty(OptionError.prototype, 'name', { value: 'OptionError', configurable: true, writable: true })

/** Throws for the first option that breaks its rule or has none. An undefined option counts as not given. */
export function checkOptions(policy: string, given: object, known: ReadonlyMap<string, { readonly rule: Rule }>): void {
  if (typeof given !== 'object' || given === null)
    throw new OptionError(policy, '', `the options are ${show(given)}, but must be an object`)
  for (const [name, value] of Object.entries(given)) {
    const rule = known.get(name)?.rule
    if (rule === undefined) throw new OptionError(policy, name, `there is no option ${name}${didYouMean(name, known)}`)
    if (value !== undefined && !rule.test(value))
      throw new OptionError(policy, name, `${name} is ${show(value)}, but must be ${rule.text}`)
  }
}

/** A snapshot comes from a file or another process: every value must be there and right. */
export function checkSnapshot<T extends object>(
  policy: string,
  given: unknown,
  rules: { readonly [Name in keyof T]: Rule },
): asserts given is T {
  const values = new Map<string, unknown>(typeof given === 'object' && given !== null ? Object.entries(given) : [])
  for (const [name, rule] of Object.entries<Rule>(rules)) {
    const value = values.get(name)
    if (!rule.test(value))
      throw new OptionError(policy, name, `the snapshot's ${name} is ${show(value)}, but must be ${rule.text}`)
  }
}

/** For a rule that joins options or needs more than one value to tell. */
export function requireThat(condition: boolean, policy: string, option: string, message: string): asserts condition {
  if (!condition) throw new OptionError(policy, option, message)
}

function didYouMean(name: string, known: ReadonlyMap<string, unknown>): string {
  const close = [...known.keys()].find((other) => distance(name.toLowerCase(), other.toLowerCase()) <= 3)
  return close === undefined ? ` (there are: ${[...known.keys()].join(', ')})` : ` (did you mean ${close}?)`
}

/** Levenshtein's. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
