import { outcomeOf } from '../describe-span.ts'
import { counted, formatDuration } from '../format.ts'
import { spanTree } from '../span-tree.ts'
import { type Fault, type Trace, traceBounds } from '../trace.ts'
import { type Entry, faultEntry, spanEntry } from './entry.ts'
import { foldRows } from './fold-rows.ts'
import { ASCII, type Glyphs, UNICODE } from './glyphs.ts'
import { groupRows, type WaterfallRow } from './group-rows.ts'
import { type Paint, painter } from './paint.ts'
import { columnsOf, printEntry } from './print-entry.ts'
import { fit, widthOf } from './text.ts'

export interface WaterfallOptions {
  /** Columns that no line exceeds; default 80, at least 60. */
  width?: number
  /** Lines at most, header and faults included; default 24, at least 12. */
  height?: number
  /** With ANSI colours; default no. */
  colour?: boolean
  /** Draws with ASCII alone; default no. */
  ascii?: boolean
  /** What the trace is to the person, for example `order 2`. */
  label?: string
}

/** Header, two blank lines, the lines that say what is cut and what is folded. */
const FIXED_LINES = 5

/**
 * A trace as a waterfall of text: a row a span with its place, title, bar, duration and outcome, then a row a fault of
 * that time. What can't be seen at this size is folded, what doesn't fit is cut in the middle, and both are said.
 */
export function renderWaterfall(trace: Trace, faults: readonly Fault[], options: WaterfallOptions = {}): string {
  const width = Math.max(60, options.width ?? 80)
  const height = Math.max(12, options.height ?? 24)
  const glyphs = options.ascii ? ASCII : UNICODE
  const paint = painter(options.colour ?? false)
  const { start, end } = traceBounds(trace.spans)

  // Bars get about a third of the width: a call shorter than one of their cells can't be told from its neighbour.
  const kept = foldRows(spanTree(trace.spans), ((end - start) / width) * 3)
  const rows = groupRows(kept)
  const overlapping = faults.filter(({ from, to }) => from <= end && (to ?? end) >= start)
  const shownFaults = overlapping.slice(0, Math.floor(height / 4))
  const { head, cut, tail } = cutMiddle(rows, height - FIXED_LINES - shownFaults.length)
  const entries = [
    ...[...head, ...tail].map((row) => spanEntry(row, glyphs.ellipsis)),
    ...shownFaults.map((fault) => faultEntry(fault, end, glyphs.ellipsis)),
  ]
  const columns = columnsOf(entries, width)
  const scale = { start, total: end - start, cells: columns.bar }
  const lines = entries.map((entry: Entry) => printEntry(entry, columns, scale, glyphs, paint))
  if (cut.length > 0) lines.splice(head.length, 0, paint.quiet(` ${cutNote(cut, glyphs)}`))
  const notes = [
    ...noteOf(trace.spans.length - kept.length, 'span', 'folded: nothing to see in them at this width'),
    ...noteOf(overlapping.length - shownFaults.length, 'fault', 'more at that time'),
  ]
  return [header(trace, width, options, glyphs, paint), '', ...lines, ...notes.map((note) => paint.quiet(note))].join(
    '\n',
  )
}

function header(trace: Trace, width: number, options: WaterfallOptions, glyphs: Glyphs, paint: Paint): string {
  const { start, end } = traceBounds(trace.spans)
  const failed = trace.spans.filter((span) => outcomeOf(span).failed).length
  const spans = counted(trace.spans.length, 'span') + (failed > 0 ? `, ${failed} failed` : '')
  const facts = [...(options.label ? [options.label] : []), formatDuration(end - start), spans].join(` ${glyphs.dot} `)
  const room = width - 2 - trace.traceId.length
  const right = widthOf(facts) > room ? fit(facts, room, glyphs.ellipsis) : facts
  return ` ${paint.strong(trace.traceId)}${' '.repeat(room + 1 - widthOf(right))}${paint.quiet(right)}`
}

function cutMiddle(
  rows: readonly WaterfallRow[],
  room: number,
): { head: WaterfallRow[]; cut: WaterfallRow[]; tail: WaterfallRow[] } {
  if (rows.length <= room) return { head: [...rows], cut: [], tail: [] }
  const head = Math.ceil((room * 2) / 3)
  const tail = rows.length - (room - head)
  return { head: rows.slice(0, head), cut: rows.slice(head, tail), tail: rows.slice(tail) }
}

function cutNote(cut: readonly WaterfallRow[], glyphs: Glyphs): string {
  const spans = cut.reduce((sum, row) => sum + row.stands, 0)
  const failed = cut.some(({ span }) => outcomeOf(span).failed)
  return `${glyphs.ellipsis} ${counted(spans, 'span')} cut here${failed ? ', failures among them' : ''}`
}

function noteOf(count: number, noun: string, words: string): string[] {
  return count > 0 ? [` ${counted(count, noun)} ${words}`] : []
}
