import { readFileSync } from 'node:fs'
import { documentOf, type Html, html } from '@chaos-kitchen/telemetry/html'
import { countOf } from '../screen/words.ts'
import { compareVersions, type DiffLine, type Hunk, type Pair, pairsOf, type Version } from './compare.ts'
import type { Versions } from './versions.ts'

const style = readFileSync(new URL('./diff.css', import.meta.url), 'utf8')

/** A page of its own: what a person changed, and how that differs from the solution, where that may be seen. */
export function comparisonPage(
  id: string,
  { shipped, mine, solution }: Omit<Versions, 'solution'> & Partial<Pick<Versions, 'solution'>>,
): string {
  const name = id.replaceAll('-', ' ')
  return documentOf(
    { title: `${name}: your file · Chaos Kitchen`, style },
    html`<header><h1>${name}</h1></header>
<main>
${shipped === undefined ? '' : section('What you changed', shipped, mine)}
${solution === undefined ? '' : section('Your file and the solution', mine, solution)}
</main>`,
  )
}

function section(title: string, before: Version, after: Version): Html {
  const { hunks, added, removed } = compareVersions(before, after)
  if (hunks.length === 0) return html`<section><h2>${title}</h2><p>No difference.</p></section>`
  return html`<section>
<h2>${title}</h2>
<p class="facts"><span class="removed">${before.name}: ${countOf(removed, 'line')} out</span>
<span class="added">${after.name}: ${countOf(added, 'line')} in</span></p>
<table class="diff">
<thead><tr>${heads(before)}${heads(after)}</tr></thead>
${hunks.map(rows)}
</table>
</section>`
}

function heads({ name }: Version): Html {
  return html`<th class="number" scope="col">line</th><th scope="col">${name}</th>`
}

/** Between two of them lines are left out; the style sheet says so. */
function rows(hunk: Hunk): Html {
  return html`<tbody>
${pairsOf(hunk).map((pair) => html`<tr class="${isSame(pair) ? 'same' : ''}">${cells(pair.left, 'before')}${cells(pair.right, 'after')}</tr>\n`)}</tbody>
`
}

function isSame({ left }: Pair): boolean {
  return left?.kind === 'same'
}

function cells(line: DiffLine | undefined, side: 'before' | 'after'): Html {
  if (line === undefined) return html`<td class="none"></td><td class="none"></td>`
  const { kind, text } = line
  // Told by words too, for eyes that see no difference in colour and for readers of screens.
  const code = kind === 'added' ? html`<ins>${text}</ins>` : kind === 'removed' ? html`<del>${text}</del>` : text
  return html`<td class="number ${kind}">${String(line[side] ?? '')}</td><td class="${kind}"><code>${code}</code></td>`
}
