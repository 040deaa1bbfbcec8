import { outcomeOf, placeOf, titleOf } from '../describe-span.ts'
import { formatDuration } from '../format.ts'
import type { TreeRow } from '../span-tree.ts'
import type { Fault } from '../trace.ts'
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
}

/** Deeper levels share one indent, or no room is left for the name. */
const MAX_INDENT = 8

export function spanEntry({ span, depth }: TreeRow, ellipsis: string): Entry {
  const { text, failed } = outcomeOf(span)
  return {
    place: printable(placeOf(span), ellipsis),
    title: '  '.repeat(Math.min(depth, MAX_INDENT)) + printable(titleOf(span), ellipsis),
    duration: formatDuration(span.duration),
    outcome: printable(text, ellipsis),
    style: failed ? 'failed' : 'span',
    from: span.start,
    to: span.start + span.duration,
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
  }
}
