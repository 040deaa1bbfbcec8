import { holdUntil, PASS } from './effect.ts'
import { defineToxic } from './kind.ts'

/**
 * Delays everything by `latency` ± `jitter`, without slowing the stream down: the next chunk doesn't wait for the one
 * before to be due, only to have gone. The end of the stream isn't delayed by itself.
 */
export const latency = defineToxic({
  type: 'latency',
  attributes: { latency: 'ms', jitter: 'ms; each chunk gets latency - jitter up to latency + jitter' },
  capacity: 1024,
  effect: ({ latency, jitter }, { random }) => {
    let due: number | undefined
    return {
      onData(_data, chunk, now) {
        due ??= chunk.at + latency + (jitter > 0 ? Math.floor((random() * 2 - 1) * jitter) : 0)
        if (now < due) return holdUntil(due)
        chunk.at = Math.max(due, chunk.at)
        due = undefined
        return PASS
      },
    }
  },
})
