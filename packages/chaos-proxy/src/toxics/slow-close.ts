import { holdUntil, PASS } from './effect.ts'
import { defineToxic } from './kind.ts'

/** Delays the end of the stream by `delay`; data passes at once. */
export const slowClose = defineToxic({
  type: 'slow_close',
  attributes: { delay: 'ms' },
  effect: ({ delay }, { startedAt }) => ({
    onData: () => PASS,
    onEnd(chunk, now) {
      const due = Math.max(chunk.at, startedAt) + delay
      return now < due ? holdUntil(due) : PASS
    },
  }),
})
