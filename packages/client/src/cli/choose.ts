import { UsageError } from './errors.ts'
import { nearest } from './near.ts'

/**
 * The one of that name.
 * @throws UsageError with the nearest name and all others
 */
export function choose<T extends { readonly name: string }>(kind: string, name: string, from: readonly T[]): T {
  const found = from.find((item) => item.name === name)
  if (found !== undefined) return found
  const names = from.map((item) => item.name)
  const near = nearest(name, names)
  throw new UsageError(`There is no ${kind} "${name}".`, {
    ...(near !== undefined && { meaning: `Did you mean "${near}"?` }),
    remedy: [`Choose one of: ${names.join(', ')}`],
  })
}
