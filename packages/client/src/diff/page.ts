import { html } from '@chaos-kitchen/telemetry/html'
import { documentOf } from '../page/document.ts'
import { compareVersions, type DiffLine, type Hunk, pairsOf, type Version } from './compare.ts'
import type { Versions } from './versions.ts'

/** A page of its own: what a person changed, and how that differs from the solution. */
export function comparisonPage(id: string, { shipped, mine, solution }: Versions): string {
  return documentOf(
    { title: `${id}: your file and the solution` },
    html`<header><h1>${id}</h1></header>
<main>
${shipped === undefined ? '' : section('What you changed', shipped, mine)}
${section('Your file and the solution', mine, solution)}
</main>`,
  )
}

function section(title: string, before: Version, after: Version) {
  const { hunks, added, removed } = compareVersions(before, after)
  return html`<section>
<h2>${title}</h2>
<p>${hunks.length === 0 ? 'No difference.' : `${removed} lines out, ${added} in.`}</p>
${hunks.map((hunk) => table(hunk, before.name, after.name))}
</section>`
}

function table(hunk: Hunk, before: string, after: string) {
  return html`<table class="diff">
<thead><tr><th scope="col">line</th><th scope="col">${before}</th><th scope="col">line</th><th scope="col">${after}</th></tr></thead>
<tbody>
${pairsOf(hunk).map(({ left, right }) => html`<tr>${cells(left, 'before')}${cells(right, 'after')}</tr>`)}
</tbody>
</table>`
}

function cells(line: DiffLine | undefined, side: 'before' | 'after') {
  if (line === undefined) return html`<td></td><td></td>`
  if (line.kind === 'same') return html`<td>${String(line[side] ?? '')}</td><td><code>${line.text}</code></td>`
  // Told by words too, for eyes that see no difference in colour and for readers of screens.
  const text = line.kind === 'added' ? html`<ins>${line.text}</ins>` : html`<del>${line.text}</del>`
  return html`<td>${String(line[side] ?? '')}</td><td><code>${text}</code></td>`
}
