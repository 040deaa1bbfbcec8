import { faultBand, marks, type Scale, spanBar } from './bar.ts'
import type { Entry } from './entry.ts'
import type { Glyphs } from './glyphs.ts'
import type { Paint } from './paint.ts'
import { fit, fitRight, fitStart, widthOf } from './text.ts'

/** How wide each column is; they and the gaps between them fill a line. */
export interface Columns {
  place: number
  title: number
  bar: number
  duration: number
  outcome: number
}

const MAX_PLACE = 10
const MAX_OUTCOME = 11
const MIN_TITLE = 12
/** Of the whole width, so that bars keep their scale whatever the names are. */
const MAX_TITLE_SHARE = 0.4
/** One column at the left, then one, one, two and two between the others. */
const GAPS = 7

export function columnsOf(entries: readonly Entry[], width: number): Columns {
  const widest = (key: 'place' | 'title' | 'duration' | 'outcome') =>
    Math.max(0, ...entries.map((entry) => widthOf(entry[key])))
  const place = Math.min(MAX_PLACE, widest('place'))
  const duration = widest('duration')
  const outcome = Math.min(MAX_OUTCOME, widest('outcome'))
  const title = Math.max(MIN_TITLE, Math.min(Math.floor(width * MAX_TITLE_SHARE), widest('title')))
  return { place, title, duration, outcome, bar: width - GAPS - place - title - duration - outcome }
}

export function printEntry(entry: Entry, columns: Columns, scale: Scale, glyphs: Glyphs, paint: Paint): string {
  const { style } = entry
  const bar = barOf(entry, scale, glyphs)
  const paintBar = { span: paint.accent, failed: paint.failed, fault: paint.quiet }[style]
  const place = fit(entry.place, columns.place, glyphs.ellipsis)
  // What is said last of a fault is the least.
  const title = (style === 'fault' ? fitStart : fit)(entry.title, columns.title, glyphs.ellipsis)
  const outcome = fit(entry.outcome, columns.outcome, glyphs.ellipsis).trimEnd()
  const line = [
    ' ',
    paint.quiet(place),
    ' ',
    style === 'fault' ? paint.quiet(title) : title,
    ' ',
    paintBar(bar),
    '  ',
    fitRight(entry.duration, columns.duration),
    outcome === '' ? '' : `  ${style === 'failed' ? paint.failed(outcome) : paint.quiet(outcome)}`,
  ]
  return line.join('').trimEnd()
}

function barOf({ style, from, to, marks: times }: Entry, scale: Scale, glyphs: Glyphs): string {
  if (style === 'fault') return faultBand(scale, from, to, glyphs)
  if (times.length > 0) return marks(scale, times, style === 'failed', glyphs)
  return spanBar(scale, from, to, style === 'failed', glyphs)
}
