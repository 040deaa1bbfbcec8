import { randomInt } from 'node:crypto'
import { UsageError } from './errors.ts'

const LARGEST_SEED = 4_294_967_295

/** @throws UsageError */
export function parseSeed(text: string): number {
  const seed = Number(text)
  if (/^\d+$/.test(text) && seed <= LARGEST_SEED) return seed
  throw new UsageError(`"${text}" is no seed.`, {
    meaning: 'A seed decides all chance of a run; it is a whole number.',
    remedy: [`--seed 7    any whole number from 0 to ${LARGEST_SEED}`],
  })
}

/** A seed that nobody chose; always printed, so that the run can be repeated. */
export function anySeed(): number {
  return randomInt(1, 10_000)
}

/** @throws UsageError */
export function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_000) return port
  throw new UsageError(`"${text}" is no port to begin with.`, { remedy: ['--port-base 9000    0 takes any free ones'] })
}

/**
 * `500ms`, `5s`, `2m` or milliseconds.
 * @throws UsageError
 */
export function parseDuration(text: string): number {
  const [, amount, unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? []
  if (amount === undefined)
    throw new UsageError(`"${text}" is no duration.`, { remedy: ['for example 500ms, 5s or 2m'] })
  return Number(amount) * (unit === 'm' ? 60_000 : unit === 's' ? 1_000 : 1)
}

/** @param what it counts, as `number of seeds`. @throws UsageError */
export function parseCount(text: string, option: string, what: string): number {
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && count <= 1_000) return count
  throw new UsageError(`"${text}" is no ${what}.`, { remedy: [`${option} 5    from 1 to 1000`] })
}
