import { checkOptions } from '../options/check-options.ts'
import { milliseconds, oneOf } from '../options/rules.ts'
import { type Backoff, type Jitter, spread } from './backoff.ts'

export interface LinearOptions {
  /** The first delay, in milliseconds, before jitter. Default 100. */
  initial?: number
  /** What each further delay adds. Default: `initial`. */
  increment?: number
  /** No delay is longer. Default 10 000. */
  max?: number
  /** Default `full`. */
  jitter?: Jitter
}

/** Delays that grow by the same amount. */
export function linear(options: LinearOptions = {}): Backoff {
  checkOptions('linear', options, {
    initial: milliseconds(0),
    increment: milliseconds(0),
    max: milliseconds(0),
    jitter: oneOf('none', 'full', 'equal'),
  })
  const { initial = 100, increment = initial, max = 10_000, jitter = 'full' } = options
  return ({ attempt, random }) => spread(Math.min(max, initial + increment * (attempt - 1)), jitter, random)
}
