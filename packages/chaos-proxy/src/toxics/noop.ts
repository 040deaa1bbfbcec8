import { PASS } from './effect.ts'
import { defineToxic } from './kind.ts'

/** Does nothing, but runs the whole machinery: what a proxy costs with a toxic that has no effect. */
export const noop = defineToxic({
  type: 'noop',
  attributes: {},
  effect: () => ({ onData: () => PASS }),
})
