import { HATCH, type Html, html } from '@chaos-kitchen/telemetry/html'
import { compareRuns, type MeasuredValue } from '../measures.ts'
import type { RunReport } from '../run-report.ts'
import { secondsAxis } from './axis.ts'
import { reportDocument } from './document.ts'
import { endOf } from './report-page.ts'
import { phaseTable, table } from './tables.ts'
import { LEGEND, timeline } from './timeline.ts'

/** Two runs side by side: their checks, their figures, and both timelines on one scale. */
export function comparePage(first: RunReport, second: RunReport): string {
  const runs = [first, second]
  const time = secondsAxis(Math.max(...runs.map(endOf)), 8)
  return reportDocument(
    `${nameOf(first)} and ${nameOf(second)} · Chaos Kitchen`,
    html`${HATCH}<header><h1>Two runs compared</h1><p class="facts">${runs.map((run) => html`<span>${nameOf(run)}</span>`)}</p></header>
<main>${first.battery === second.battery && first.seed === second.seed ? '' : differs}
<h2>Checks and figures</h2>${measureTable(runs)}
<h2>Orders over faults, on one scale</h2>${LEGEND}
${runs.map((run) => html`<h3>${nameOf(run)}</h3>${timeline(run, time, false)}${phaseTable(run)}`)}
</main>`,
  )
}

const differs = html`<p>These runs differ in battery or seed, and so in their orders and faults.</p>`

function nameOf({ battery, seed, orderService, startedAt }: RunReport): string {
  return `${battery} · seed ${seed} · ${orderService} · ${startedAt.slice(11, 19)} UTC`
}

function measureTable(runs: readonly RunReport[]): Html {
  return table(
    ['', ...runs.map((run) => `#${run.orderService}`)],
    compareRuns(runs).map(
      ({ name, values }) => html`<tr><th scope="row">${name}</th>${values.map((value) => cell(value))}</tr>`,
    ),
  )
}

function cell({ text, passed }: MeasuredValue): Html {
  if (passed === undefined) return html`<td class="number">${text}</td>`
  const mark = passed ? html`<span class="passed">✓ passed</span>` : html`<span class="failed">✗ failed</span>`
  return html`<td class="number">${text} ${mark}</td>`
}
