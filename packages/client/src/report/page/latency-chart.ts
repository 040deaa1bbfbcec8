import { type Html, html } from '@chaos-kitchen/telemetry/html'
import { seconds } from '../../faults/describe.ts'
import type { RunReport } from '../run-report.ts'
import { type Axis, roundedUp, secondsAxis, verticalTicks } from './axis.ts'
import { band } from './timeline.ts'

/** Room below the plot for the labels of time, and above it for half a letter. */
const TOP = 4
const BOTTOM = 82

/** Latency of each order over the time at which it started, faults behind it. */
export function latencyChart({ orders, faults }: RunReport, time: Axis): Html {
  const latency = secondsAxis(roundedUp(Math.max(1, ...orders.map(({ ms }) => ms))), 5)
  const y = (ms: number) => BOTTOM - (latency.at(ms) / 100) * (BOTTOM - TOP)
  const title = `Latency of ${orders.length} orders by the time at which they started`
  const labels = latency.ticks.map(
    ({ at, label }) => html`<text class="end" x="90%" y="${y((at / 100) * latency.end)}%" dy="0.3em">${label}</text>`,
  )
  const lines = latency.ticks.map(({ at }) => {
    const height = y((at / 100) * latency.end)
    return html`<line class="tick" x1="0" x2="100%" y1="${height}%" y2="${height}%"/>`
  })
  const marks = orders.map(({ number, startedAt, ms, placed }) => {
    const hint = html`<title>order ${number}: ${seconds(ms)}${placed ? '' : ', not placed'}</title>`
    return placed
      ? html`<circle class="good" cx="${time.at(startedAt)}%" cy="${y(ms)}%" r="4.5">${hint}</circle>`
      : html`<text class="cross" x="${time.at(startedAt)}%" y="${y(ms)}%" dy="0.35em">✗${hint}</text>`
  })
  const times = time.ticks.map(({ at, label }) => html`<text x="${at}%" y="${BOTTOM}%" dy="1.4em">${label}</text>`)
  return html`<div class="chart" role="img" aria-label="${title}; the values are in the table of orders">
<svg aria-hidden="true">${labels}<text x="0" y="0" dy="-0.5em">latency (s)</text></svg>
<svg aria-hidden="true"><svg height="${BOTTOM}%" overflow="hidden">${faults.map((fault) => band(fault, time))}${verticalTicks(time)}</svg>
${lines}${marks}<g class="times">${times}</g><text x="0" y="${BOTTOM}%" dy="2.9em">start of the order, since the start of the run (s)</text>
</svg></div>`
}
