import { CLOSE, HOLD, PASS } from './effect.ts'
import { defineToxic } from './kind.ts'

/** Ends the stream once `bytes` have passed on it since the toxic was added; 0 ends it with the first byte. */
export const limitData = defineToxic({
  type: 'limit_data',
  attributes: { bytes: 'bytes' },
  effect: ({ bytes }, { passedBytes }) => {
    let spent = false
    return {
      onData(data) {
        const left = bytes - passedBytes()
        if (left <= 0) return CLOSE
        spent = data.length >= left
        return data.length <= left ? PASS : { act: 'pass', bytes: left }
      },
      onIdle: () => (spent ? CLOSE : HOLD),
    }
  },
})
