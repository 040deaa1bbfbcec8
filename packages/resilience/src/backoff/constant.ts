import { OptionTable } from '../options/option-table.ts'
import { milliseconds, oneOf } from '../options/rules.ts'
import { type Backoff, type Jitter, spread } from './backoff.ts'

export interface ConstantOptions {
  /** Default `none`. */
  jitter?: Jitter
}

/** The same delay each time. Callers that failed together come back together, unless there is jitter. */
export function constant(delay: number, options: ConstantOptions = {}): Backoff {
  const { jitter } = OPTIONS.create({ delay, ...options })
  return ({ random }) => spread(delay, jitter, random)
}

const OPTIONS = new OptionTable<ConstantOptions & { delay: number }>('constant', {
  delay: { rule: milliseconds(0), required: true },
  jitter: { rule: oneOf('none', 'full', 'equal'), default: 'none' },
})
