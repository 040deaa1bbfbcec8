import { outcomeOf, placeOf, titleOf } from '../describe-span.ts'
import { counted, formatDuration } from '../format.ts'
import type { LogRecord, Span, Trace } from '../trace.ts'
import { collectorPage } from './collector-page.ts'
import { colourOf } from './colour.ts'
import { type Html, html } from './html.ts'
import { spanDetails } from './span-details.ts'
import { timeAxis } from './time-axis.ts'
import { shownRows, waterfallSection } from './waterfall-section.ts'

/** One trace as a self-contained page: waterfall, the chosen span, the values, the logs. */
export function tracePage(trace: Trace, logs: readonly LogRecord[]): string {
  const axis = timeAxis(trace)
  const { head, tail } = shownRows(trace)
  const spans = [...head, ...tail].map(({ span }) => span)
  const root = spans[0]
  const name = root ? titleOf(root) : 'Trace'
  const failed = trace.spans.filter((span) => outcomeOf(span).failed).length
  const json = `/api/traces/${trace.traceId}`
  return collectorPage(
    { title: `${name} · ${formatDuration(axis.end - axis.start)} · ${trace.traceId.slice(0, 8)}…` },
    html`<header>
<h1>${name}</h1>
<p class="facts"><strong class="number">${formatDuration(axis.end - axis.start)}</strong>
<span>${counted(trace.spans.length, 'span')}${failed > 0 ? html`, <span class="failed">${failed} failed</span>` : ''}</span>
<time datetime="${new Date(axis.start).toISOString()}">${instant(axis.start)}</time>
<span class="id">${trace.traceId}</span>
<a href="#logs">${counted(logs.length, 'log record')}</a><a href="#values">values</a><a href="${json}">JSON</a>
<a href="/">all traces</a></p>
</header>
<main>
${legend(trace.spans, trace.faults.length > 0)}
<div class="board">${waterfallSection(trace, axis)}
<div class="panel"><p class="hint quiet">Choose a span to see its attributes and events.</p>
${spans.map((span) => spanDetails(span, axis.start))}</div></div>
<section><h2 id="logs">Logs</h2>${logTable(logs, axis.start)}</section>
<section><h2 id="values">Values</h2>${valueTable(spans, axis.start)}</section>
</main>`,
  )
}

function legend(spans: readonly Span[], faults: boolean): Html {
  const places = [...new Set(spans.map(placeOf))]
  const items = places.map((place) => html`<li><span class="swatch ${colourOf(place)}"></span>${place}</li>`)
  return html`<ul class="legend" aria-label="Colours">${items}
${faults ? html`<li class="quiet">hatched: a fault of that time</li>` : ''}
<li class="quiet">dots: events · arrow keys move</li></ul>`
}

function logTable(logs: readonly LogRecord[], start: number): Html {
  if (logs.length === 0) return html`<p class="quiet">Nothing was logged within this trace.</p>`
  const rows = logs.map(
    ({ time, service, severity, body, attributes, spanId }) => html`<tr><td class="number">${offset(time - start)}</td>
<td class="keep">${service}</td><td class="keep">${severity}</td>
<td>${spanId === undefined ? body : html`<a href="#s-${spanId}">${body}</a>`}</td>
<td class="time">${Object.keys(attributes).length > 0 ? JSON.stringify(attributes) : ''}</td></tr>`,
  )
  return html`<div class="scroll"><table><thead><tr><th class="number" scope="col">after, ms</th><th scope="col">service</th>
<th scope="col">level</th><th scope="col">message</th><th scope="col">fields</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

function valueTable(spans: readonly Span[], start: number): Html {
  const rows = spans.map((span) => {
    const { text, failed } = outcomeOf(span)
    return html`<tr><td class="keep">${placeOf(span)}</td><td>${titleOf(span)}</td>
<td class="number">${offset(span.start - start)}</td><td class="number">${span.duration.toFixed(2)}</td>
<td class="keep${failed ? ' failed' : ''}">${failed ? '✗ ' : ''}${text}</td></tr>`
  })
  return html`<div class="scroll"><table><thead><tr><th scope="col">service</th><th scope="col">span</th>
<th class="number" scope="col">after, ms</th><th class="number" scope="col">duration, ms</th><th scope="col">outcome</th>
</tr></thead><tbody>${rows}</tbody></table></div>`
}

function offset(milliseconds: number): string {
  return milliseconds.toFixed(0)
}

function instant(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
