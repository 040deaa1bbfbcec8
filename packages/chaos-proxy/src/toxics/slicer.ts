import { holdUntil } from './effect.ts'
import { defineToxic } from './kind.ts'
import { Pace } from './pace.ts'
import { slices } from './slices.ts'

/** Cuts data into slices of about `average_size`, with `delay` after each. */
export const slicer = defineToxic({
  type: 'slicer',
  attributes: {
    average_size: 'bytes; at least 1',
    size_variation: 'bytes; at most average_size',
    delay: 'microseconds after each slice',
  },
  broken({ average_size, size_variation }) {
    if (average_size < 1) return 'average_size must be at least 1, since no slice can be empty'
    if (size_variation > average_size) return `size_variation must be at most average_size (${average_size})`
    return undefined
  },
  effect: ({ average_size, size_variation, delay }, { startedAt, random }) => {
    const pace = new Pace(startedAt)
    let plan: number[] = []
    return {
      onData(data, chunk, now) {
        const due = pace.start(chunk.at)
        if (now < due) return holdUntil(due)
        if (plan.length === 0) plan = slices(data.length, average_size, size_variation, random)
        chunk.at = pace.done(due, now, delay / 1000)
        return { act: 'pass', bytes: plan.shift() ?? data.length }
      },
    }
  },
})
