import { OptionError } from '../options/check-options.ts'
import { show } from '../options/show.ts'
import type { AnyPolicy } from './policy.ts'

/** The policies that have a state to keep, each by a name of its own. */
export function stateful(policies: readonly AnyPolicy[]): [name: string, policy: AnyPolicy][] {
  const seen = new Map<string, number>()
  return policies
    .filter((policy) => policy.snapshot !== undefined)
    .map((policy) => {
      const count = (seen.get(policy.name) ?? 0) + 1
      seen.set(policy.name, count)
      return [count === 1 ? policy.name : `${policy.name} ${count}`, policy]
    })
}

/** A snapshot comes from a file or another process. @throws OptionError when it is no object */
export function partsOf(owner: string, snapshot: unknown): ReadonlyMap<string, unknown> {
  if (typeof snapshot !== 'object' || snapshot === null || Array.isArray(snapshot))
    throw new OptionError(owner, 'snapshot', `the snapshot is ${show(snapshot)}, but must be an object`)
  return new Map(Object.entries(snapshot))
}
