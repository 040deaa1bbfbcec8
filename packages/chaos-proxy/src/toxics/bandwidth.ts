import { HOLD, holdUntil } from './effect.ts'
import { defineToxic } from './kind.ts'
import { Pace } from './pace.ts'

/** What is larger than this many milliseconds' worth goes in pieces. */
const PIECE = 100

/** Each connection gets `rate` kilobytes (1000 bytes) a second; nothing at all when that is 0. */
export const bandwidth = defineToxic({
  type: 'bandwidth',
  attributes: { rate: 'KB/s' },
  effect: ({ rate }, { startedAt }) => {
    const pace = new Pace(startedAt)
    return {
      onData(data, chunk, now) {
        if (rate === 0) return HOLD
        const bytes = Math.min(data.length, rate * PIECE)
        const due = pace.start(chunk.at) + bytes / rate
        if (now < due) return holdUntil(due)
        chunk.at = pace.done(due, now)
        return { act: 'pass', bytes }
      },
    }
  },
})
