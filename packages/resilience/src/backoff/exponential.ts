import { OptionTable } from '../options/option-table.ts'
import { milliseconds, number, oneOf } from '../options/rules.ts'
import { type Backoff, type Jitter, spread } from './backoff.ts'

export interface ExponentialOptions {
  /** The first delay, in milliseconds, before jitter. Default 100. */
  initial?: number
  /** What each delay is multiplied by. Default 2. */
  factor?: number
  /** No delay is longer. Default 10 000. */
  max?: number
  /** Default `full`. `decorrelated` draws each delay between `initial` and three times the one before. */
  jitter?: Jitter | 'decorrelated'
}

/** Delays that double: the callee gets ever more time to recover. */
export function exponential(options: ExponentialOptions = {}): Backoff {
  const { initial, factor, max, jitter } = OPTIONS.create(options)
  if (jitter === 'decorrelated') return decorrelated(initial, max)
  return ({ attempt, random }) => spread(Math.min(max, initial * factor ** (attempt - 1)), jitter, random)
}

const OPTIONS = new OptionTable<ExponentialOptions>('exponential', {
  initial: { rule: milliseconds(0), default: 100 },
  factor: { rule: number(1), default: 2 },
  max: { rule: milliseconds(0), default: 10_000 },
  jitter: { rule: oneOf('none', 'full', 'equal', 'decorrelated'), default: 'full' },
})

function decorrelated(initial: number, max: number): Backoff {
  return ({ previous, random }) => {
    const upper = Math.max(initial, previous * 3)
    return Math.min(max, initial + random() * (upper - initial))
  }
}
