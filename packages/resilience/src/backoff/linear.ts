import { OptionTable } from '../options/option-table.ts'
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
  const { initial, increment = initial, max, jitter } = OPTIONS.create(options)
  return ({ attempt, random }) => spread(Math.min(max, initial + increment * (attempt - 1)), jitter, random)
}

const OPTIONS = new OptionTable<LinearOptions, 'increment'>('linear', {
  initial: { rule: milliseconds(0), default: 100 },
  increment: { rule: milliseconds(0), default: undefined },
  max: { rule: milliseconds(0), default: 10_000 },
  jitter: { rule: oneOf('none', 'full', 'equal'), default: 'full' },
})
