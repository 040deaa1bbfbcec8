import { type Chunk, CLOSE, holdUntil, type Verdict } from './effect.ts'
import { defineToxic } from './kind.ts'

/**
 * From the first data or the end of the stream on, waits `timeout` and closes the connection: with a reset (RST) when
 * the toxic was there as the connection opened, else with an ordinary end.
 */
export const resetPeer = defineToxic({
  type: 'reset_peer',
  attributes: { timeout: 'ms' },
  releasesOnChange: false,
  neverPasses: true,
  resets: true,
  effect: ({ timeout }, { startedAt }) => {
    const closeAfter = (chunk: Chunk, now: number): Verdict => {
      const due = Math.max(chunk.at, startedAt) + timeout
      return now < due ? holdUntil(due) : CLOSE
    }
    return { onData: (_data, chunk, now) => closeAfter(chunk, now), onEnd: closeAfter }
  },
})
