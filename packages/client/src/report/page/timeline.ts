import { type Html, html } from '@chaos-kitchen/telemetry/html'
import { seconds } from '../../faults/describe.ts'
import type { FaultReport, OrderReport, RunReport } from '../run-report.ts'
import { type Axis, stretch, verticalTicks } from './axis.ts'
import { labelOf, outcomeOf, plural } from './words.ts'

/** More orders than that share one drawing, a thin line each. */
const MOST_ROWS = 60
const THIN = 5
const SHOWN_FAULTS = 40

export const LEGEND = html`<ul class="legend">
<li><svg aria-hidden="true"><rect class="good" width="100%" height="100%"/></svg>attempt that was answered well</li>
<li><svg aria-hidden="true"><rect class="bad" width="100%" height="100%"/></svg>attempt that failed</li>
<li><svg aria-hidden="true"><line class="wait" x1="0" x2="100%" y1="50%" y2="50%"/></svg>pause before the next</li>
<li><svg aria-hidden="true"><rect class="band" width="100%" height="100%"/></svg>a fault was on</li></ul>`

/** Orders over faults, both on the same axis of time. Each order links to its line of the table. */
export function timeline({ orders, faults }: RunReport, axis: Axis, linked = true): Html {
  const shown = faults.slice(0, SHOWN_FAULTS)
  const labels = axis.ticks
    .filter(({ at }) => at < 97)
    .map(({ at, label }) => html`<text x="${at}%" y="1rem">${label}</text>`)
  return html`<div class="timeline">
<div class="row axis" aria-hidden="true"><span class="name quiet">since the start</span><svg>${labels}</svg>
<span class="number quiet">latency</span></div>
${shown.map((fault) => faultRow(fault, axis))}
${faults.length > shown.length ? html`<p class="quiet">${plural(faults.length - shown.length, 'fault')} more, in the table.</p>` : ''}
${orders.length > MOST_ROWS ? thinRows(orders, shown, axis) : rows(orders, shown, axis, linked)}
</div>`
}

function faultRow(fault: FaultReport, axis: Axis): Html {
  const { from, to } = fault
  const label = labelOf(fault)
  return html`<div class="row fault"><span class="name" title="${label}">${label}</span>
<svg aria-hidden="true">${band(fault, axis)}</svg><span class="number">${seconds(to - from)}</span></div>`
}

function rows(orders: readonly OrderReport[], faults: readonly FaultReport[], axis: Axis, linked: boolean): Html {
  const items = orders.map((order) => {
    const { number, placed, ms, attempts } = order
    const told = `order ${number}, ${outcomeOf(order)}, ${plural(attempts, 'attempt')}, ${seconds(ms)}`
    const content = html`<span class="name">${placed ? '' : html`<span class="failed">✗ </span>`}order ${number}
<span class="quiet">${attempts === 1 ? '' : plural(attempts, 'attempt')}</span></span>
<svg aria-hidden="true">${faults.map((fault) => band(fault, axis))}${verticalTicks(axis)}${bars(order, axis, '25%', '50%')}</svg>
<span class="number">${seconds(ms)}</span>`
    return html`<li>${
      linked
        ? html`<a class="row" href="#order-${number}" aria-label="${told}">${content}</a>`
        : html`<div class="row" role="img" aria-label="${told}">${content}</div>`
    }</li>`
  })
  return html`<ol class="rows" aria-label="Orders, in the order in which they started">${items}</ol>`
}

function thinRows(orders: readonly OrderReport[], faults: readonly FaultReport[], axis: Axis): Html {
  const height = orders.length * THIN
  const lines = orders.map((order, index) => bars(order, axis, `${index * THIN}`, `${THIN - 1}`))
  return html`<div class="row rows"><span class="name">${plural(orders.length, 'order')}, a line each</span>
<svg class="rows-thin" height="${height}" role="img" aria-label="${plural(orders.length, 'order')} over time; the values are in the table">
<rect width="1" height="${height}" fill="none"/>${faults.map((fault) => band(fault, axis))}${verticalTicks(axis)}${lines}</svg>
<span></span></div>`
}

function bars({ startedAt, ms, attemptsInDetail }: OrderReport, axis: Axis, y: string, height: string): Html {
  const whole = stretch(axis, startedAt, startedAt + ms)
  const attempts = attemptsInDetail.map((attempt) => {
    const { left, width } = stretch(axis, attempt.startedAt, attempt.startedAt + attempt.ms, 0.2)
    const failed = attempt.failure !== undefined
    return html`<rect class="${failed ? 'bad' : 'good'}" x="${left}%" width="${width}%" y="${y}" height="${height}"/>`
  })
  const right = Math.min(100, whole.left + whole.width)
  const middle = height.endsWith('%') ? '50%' : String(Number(y) + Number(height) / 2)
  return html`<line class="wait" x1="${whole.left}%" x2="${right}%" y1="${middle}" y2="${middle}"/>${attempts}`
}

export function band({ from, to }: FaultReport, axis: Axis): Html {
  const { left, width } = stretch(axis, from, to)
  return html`<rect class="band" x="${left}%" width="${width}%" y="0" height="100%"/>`
}
