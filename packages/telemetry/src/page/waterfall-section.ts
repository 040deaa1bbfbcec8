import { outcomeOf, placeOf, titleOf } from '../describe-span.ts'
import { counted, formatDuration, shortenIds } from '../format.ts'
import { spanTree, type TreeRow } from '../span-tree.ts'
import type { Fault, Trace } from '../trace.ts'
import { colourOf } from './colour.ts'
import { HATCH } from './hatch.ts'
import { type Html, html } from './html.ts'
import { round, type TimeAxis, tickLines } from './time-axis.ts'

/** More rows than that nobody reads; what is between the first and the last of them is cut, and counted. */
export const MAX_ROWS = 800
/** Each is drawn behind every row. */
const MAX_FAULTS = 12
const MAX_INDENT = 6
/** Percent of the width: a bar is never too thin to be seen. */
const MIN_BAR = 0.25

export function shownRows(trace: Trace): { head: TreeRow[]; cut: number; tail: TreeRow[] } {
  const rows = spanTree(trace.spans)
  if (rows.length <= MAX_ROWS) return { head: rows, cut: 0, tail: [] }
  const half = MAX_ROWS / 2
  return { head: rows.slice(0, half), cut: rows.length - MAX_ROWS, tail: rows.slice(-half) }
}

/** Axis, faults and a row a span; each row is a link to the details of its span. */
export function waterfallSection(trace: Trace, axis: TimeAxis): Html {
  const { head, cut, tail } = shownRows(trace)
  const faults = trace.faults.slice(0, MAX_FAULTS)
  const more = trace.faults.length - faults.length
  const row = (item: TreeRow) => html`<li>${spanRow(item, axis, faults)}</li>`
  return html`<div class="waterfall">${HATCH}
<div class="axis" aria-hidden="true"><span></span>${axisTrack(axis)}<span></span><span></span></div>
${faults.map((fault) => faultRow(fault, axis))}
${more > 0 ? html`<p class="cut">${counted(more, 'fault')} more at that time; all of them are in the JSON.</p>` : ''}
<ol class="rows" aria-label="Spans, parents before children">
${head.map(row)}
${cut > 0 ? html`<li class="cut">${counted(cut, 'span')} cut here; all of them are in the JSON.</li>` : ''}
${tail.map(row)}
</ol>
</div>`
}

function axisTrack(axis: TimeAxis): Html {
  const labels = axis.ticks.map(({ x, label }) => html`<text x="${x}%" y="1.2rem">${label}</text>`)
  return html`<svg class="track">${labels}</svg>`
}

function faultRow(fault: Fault, axis: TimeAxis): Html {
  const duration = fault.to === undefined ? 'lasting' : formatDuration(fault.to - fault.from)
  return html`<div class="fault"><span class="name" title="${fault.label}"><span class="place">fault</span>
<span class="title">${fault.label}</span></span>
<svg class="track" aria-hidden="true">${band(fault, axis)}</svg>
<span class="duration number">${duration}</span><span class="outcome"></span></div>`
}

function spanRow({ span, depth }: TreeRow, axis: TimeAxis, faults: readonly Fault[]): Html {
  const { text, failed } = outcomeOf(span)
  const [place, title, duration] = [placeOf(span), titleOf(span), formatDuration(span.duration)]
  const outcome = failed ? `✗ ${text}` : text
  const name = `${place}, ${title}, ${duration}${text === '' ? '' : `, ${text}`}${failed ? ', failed' : ''}`
  const x = axis.x(span.start)
  const width = Math.max(MIN_BAR, round(axis.x(span.start + span.duration) - x))
  const left = Math.min(x, 100 - width)
  const colour = colourOf(place)
  return html`<a class="row${failed ? ' failed' : ''}" href="#s-${span.spanId}" aria-label="${name}">
<span class="name" title="${place}: ${title}"><span class="swatch ${colour}"></span><span class="place">${place}</span>
<span class="title d${Math.min(depth, MAX_INDENT)}">${shortenIds(title, '…')}</span></span>
<svg class="track" aria-hidden="true">${faults.map((fault) => band(fault, axis))}${tickLines(axis)}
<rect class="bar ${colour}${failed ? ' failed' : ''}" x="${left}%" width="${width}%" y="28%" height="44%" rx="2"/>
${span.events.slice(0, 50).map(({ time }) => html`<circle class="event" cx="${axis.x(time)}%" cy="50%" r="3"/>`)}
${failed ? html`<text class="end" x="${round(left + width)}%" dx="4" y="1.2rem">✗</text>` : ''}</svg>
<span class="duration number">${duration}</span><span class="outcome">${outcome}</span></a>
`
}

function band({ from, to }: Fault, axis: TimeAxis): Html {
  const x = axis.x(from)
  const width = Math.max(MIN_BAR, round(axis.x(to ?? axis.end) - x))
  return html`<rect class="band" x="${Math.min(x, 100 - width)}%" width="${width}%" y="0" height="100%"/>`
}
