import { counted, formatDuration } from '../format.ts'
import { collectorPage } from './collector-page.ts'
import { type Html, html } from './html.ts'

/** What the list shows of a trace. */
export interface ListedTrace {
  traceId: string
  name: string
  service: string
  start: number
  duration: number
  spans: number
  errors: number
}

/** The latest traces, or the slowest, each a link to its page. */
export function listPage(traces: readonly ListedTrace[], slowest: boolean): string {
  const order = slowest
    ? html`<a href="/">newest first</a> <strong>slowest first</strong>`
    : html`<strong>newest first</strong> <a href="/?slowest=1">slowest first</a>`
  return collectorPage(
    { title: 'Traces · Chaos Kitchen' },
    html`<header><h1>Traces</h1><p class="facts">${order}<span>${counted(traces.length, 'trace')} shown</span></p></header>
<main>${traces.length === 0 ? empty : traceTable(traces)}</main>`,
  )
}

/** Shown while nothing of a trace has arrived; looks again by itself. */
export function missingPage(traceId: string): string {
  return collectorPage(
    { title: 'No such trace yet · Chaos Kitchen', refresh: 2 },
    html`<header><h1>Nothing of this trace has arrived yet</h1><p class="facts"><span class="id">${traceId}</span></p></header>
<main><p>Spans arrive within a second of their end, and this page looks again every two seconds. Older traces make room
for newer ones, so a trace of long ago may be gone.</p><p><a href="/">All traces</a></p></main>`,
  )
}

const empty = html`<p>No trace has arrived yet. Place an order: <code>pnpm workshop battery single</code></p>`

function traceTable(traces: readonly ListedTrace[]): Html {
  const rows = traces.map(
    ({ traceId, name, service, start, duration, spans, errors }) => html`<tr>
<td class="time keep">${new Date(start).toISOString().slice(11, 19)}</td>
<td><a href="/trace/${traceId}">${name === '' ? '(no name)' : name}</a></td><td class="keep">${service}</td>
<td class="number">${formatDuration(duration)}</td><td class="number">${spans}</td>
<td class="number${errors > 0 ? ' failed' : ''}">${errors > 0 ? `✗ ${errors}` : '0'}</td>
<td class="id">${traceId.slice(0, 8)}…</td></tr>`,
  )
  return html`<div class="scroll"><table><thead><tr><th scope="col">UTC</th><th scope="col">trace</th><th scope="col">service</th>
<th class="number" scope="col">duration</th><th class="number" scope="col">spans</th><th class="number" scope="col">errors</th>
<th scope="col">id</th></tr></thead><tbody>${rows}</tbody></table></div>`
}
