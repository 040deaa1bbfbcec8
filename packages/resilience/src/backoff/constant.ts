import { checkOptions } from '../options/check-options.ts'
import { milliseconds, oneOf } from '../options/rules.ts'
import { type Backoff, type Jitter, spread } from './backoff.ts'

export interface ConstantOptions {
  /** Default `none`. */
  jitter?: Jitter
}

/** The same delay each time. Callers that failed together come back together, unless there is jitter. */
export function constant(delay: number, options: ConstantOptions = {}): Backoff {
  checkOptions('constant', { delay, ...options }, { delay: milliseconds(0), jitter: oneOf('none', 'full', 'equal') })
  const { jitter = 'none' } = options
  return ({ random }) => spread(delay, jitter, random)
}
