import { readFileSync } from 'node:fs'
import { documentOf, type Html, html } from '@chaos-kitchen/telemetry/html'
import type { Person } from './board.ts'

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
const parts = { style: read('./scoreboard.css'), script: read('./live.js'), connects: true }

/** The board as a page for a projector: a line a person, a column an exercise. */
export function scoreboardPage(people: readonly Person[], exercises: readonly string[]): string {
  return documentOf(
    { title: 'Scoreboard · Chaos Kitchen', ...parts },
    html`<header><h1>Who passed what</h1>
<p class="facts"><span id="state">as of when this page was loaded</span><span id="news" role="status"></span></p></header>
<main>${people.length === 0 ? empty : board(people, exercises)}</main>`,
  )
}

const empty = html`<p>Nobody yet. To be shown here, start an exercise with the address of this page and a name:</p>
<p><code>pnpm workshop exercise --scoreboard ADDRESS --name NAME</code></p>`

function board(people: readonly Person[], exercises: readonly string[]): Html {
  const heads = exercises.map(
    (id) => html`<th class="mark" scope="col"><abbr title="${id}">${id.slice(0, 2)}</abbr></th>`,
  )
  const rows = people.map(({ name, passed }) => {
    const cells = exercises.map((id) => cell(id, passed[id]))
    const count = exercises.filter((id) => passed[id] !== undefined).length
    return html`<tr><th scope="row"><bdi>${name}</bdi></th><td class="number">${count} of ${exercises.length}</td>${cells}</tr>`
  })
  return html`<div class="scroll"><table><thead><tr><th scope="col">name</th><th class="number" scope="col">passed</th>${heads}</tr></thead>
<tbody>${rows}</tbody></table></div>
<ul class="legend">${exercises.map((id) => html`<li>${id.replace('-', ' ').replaceAll('-', ' ')}</li>`)}</ul>`
}

function cell(id: string, at: number | undefined): Html {
  if (at === undefined) return html`<td class="mark quiet" aria-label="${id} not yet">·</td>`
  const time = new Date(at).toISOString().slice(11, 16)
  return html`<td class="mark passed" aria-label="${id} passed" title="${id}, ${time} UTC">✓</td>`
}
