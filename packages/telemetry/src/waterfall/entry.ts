import { outcomeOf, placeOf, titleOf } from '../describe-span.ts'
import { formatDuration } from '../format.ts'
import type { Fault } from '../trace.ts'
import type { WaterfallRow } from './group-rows.ts'
import { printable } from './text.ts'

/** One line of a waterfall, before it is known how wide its columns are. */
export interface Entry {
  /** The service or database; `fault` for a fault. */
  place: string
  title: string
  duration: string
  outcome: string
  style: 'span' | 'failed' | 'fault'
  /** Milliseconds since the epoch. */
  from: number
  to: number
  /** When the spans start that the line stands for, if there are several. */
  marks: readonly number[]
}

/** Deeper levels share one indent, or no room is left for the name. */
const MAX_INDENT = 8

export function spanEntry({ span, depth, alike }: WaterfallRow, ellipsis: string): Entry {
  const { text, failed } = outcomeOf(span)
  const last = alike.at(-1) ?? span
  const to = last.start + last.duration
  const title = alike.length > 0 ? `${ellipsis} ${alike.length} more like it` : titleOf(span)
  return {
    place: printable(placeOf(span), ellipsis),
    title: '  '.repeat(Math.min(depth, MAX_INDENT)) + printable(title, ellipsis),
    duration: formatDuration(to - span.start),
    outcome: printable(text, ellipsis),
    style: failed ? 'failed' : 'span',
    from: span.start,
    to,
    marks: alike.map(({ start }) => start),
  }
}

/** @param end when a fault without an end is taken to end, milliseconds since the epoch */
export function faultEntry({ label, from, to }: Fault, end: number, ellipsis: string): Entry {
  return {
    place: 'fault',
    title: printable(label, ellipsis),
    duration: to === undefined ? '' : formatDuration(to - from),
    outcome: '',
    style: 'fault',
    from,
    to: to ?? end,
    marks: [],
  }
}
