import { CLOSE, DROP, HOLD, holdUntil } from './effect.ts'
import { defineToxic } from './kind.ts'

/**
 * Drops all data, and ends the stream when none came for `timeout`; never, when that is 0. Removing it ends the
 * streams that it is on: what they would carry on with has a hole in it.
 */
export const timeout = defineToxic({
  type: 'timeout',
  attributes: { timeout: 'ms' },
  neverPasses: true,
  closesOnRemoval: true,
  effect: ({ timeout }, { startedAt }) => {
    let last = startedAt
    return {
      onData(_data, _chunk, now) {
        last = now
        return DROP
      },
      onIdle(now) {
        if (timeout === 0) return HOLD
        return now < last + timeout ? holdUntil(last + timeout) : CLOSE
      },
    }
  },
})
