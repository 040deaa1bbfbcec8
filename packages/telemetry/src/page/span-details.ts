import { outcomeOf, placeOf, titleOf } from '../describe-span.ts'
import { formatDuration } from '../format.ts'
import type { Attributes, AttributeValue, Span } from '../trace.ts'
import { colourOf } from './colour.ts'
import { type Html, html } from './html.ts'

/** Everything that is known of one span, shown while its row is chosen. */
export function spanDetails(span: Span, traceStart: number): Html {
  const { text, failed } = outcomeOf(span)
  const message = span.statusMessage ?? ''
  const outcome = message.startsWith(text) ? message : [text, message].filter((part) => part !== '').join(': ')
  return html`<section class="details" id="s-${span.spanId}" aria-label="Chosen span">
<h2>${titleOf(span)}</h2>
<p class="facts"><span><span class="swatch ${colourOf(placeOf(span))}"></span>${placeOf(span)}</span>
<span class="number">${formatDuration(span.duration)}</span>
${outcome === '' ? '' : html`<span class="${failed ? 'failed' : ''}">${failed ? '✗ ' : ''}${outcome}</span>`}</p>
<h3>Span</h3>
<dl>${pair('name', span.name)}${pair('service', span.service)}${pair('kind', span.kind)}
${pair('started after', formatDuration(span.start - traceStart))}${pair('span id', span.spanId)}
${span.parentSpanId === undefined ? '' : pair('parent', span.parentSpanId)}</dl>
${attributeList('Attributes', span.attributes)}
${span.events.map(
  ({ time, name, attributes }) => html`<h3>Event after ${formatDuration(time - span.start)}: ${name}</h3>
<dl>${Object.entries(attributes).map(([key, value]) => pair(key, shown(value)))}</dl>`,
)}
${span.links.map(
  (link) => html`<h3>Link</h3><p><a class="id" href="/trace/${link.traceId}#s-${link.spanId}">${link.traceId}</a></p>`,
)}
</section>
`
}

function attributeList(title: string, attributes: Attributes): Html | string {
  const entries = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))
  if (entries.length === 0) return ''
  return html`<h3>${title}</h3><dl>${entries.map(([key, value]) => pair(key, shown(value)))}</dl>`
}

function pair(key: string, value: string): Html {
  // A long key may break after a dot, not within a word.
  const parts = key.split('.').map((part, index) => (index === 0 ? part : html`.<wbr>${part}`))
  return html`<dt>${parts}</dt><dd>${value}</dd>`
}

function shown(value: AttributeValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
