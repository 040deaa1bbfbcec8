import { HATCH, type Html, html } from '@chaos-kitchen/telemetry/html'
import { seconds } from '../../faults/describe.ts'
import type { RunReport } from '../run-report.ts'
import { secondsAxis } from './axis.ts'
import { reportDocument } from './document.ts'
import { latencyChart } from './latency-chart.ts'
import { faultTable, invariantTable, orderTable, phaseTable } from './tables.ts'
import { LEGEND, timeline } from './timeline.ts'
import { plural } from './words.ts'

/** A run as a page that needs nothing else: the answer, then the evidence, as pictures and as values. */
export function reportPage(report: RunReport): string {
  const time = secondsAxis(endOf(report), 8)
  return reportDocument(
    `${report.battery} · seed ${report.seed} · Chaos Kitchen`,
    html`${HATCH}<header>${headline(report)}</header>
<main>
<h2>Checks</h2>${invariantTable(report)}
<h2>Orders over faults</h2>${LEGEND}${timeline(report, time)}
<h2>Latency, before, during and after faults</h2>${phaseTable(report)}${latencyChart(report, time)}
<h2>Faults</h2>${faultTable(report)}
<h2>Orders</h2>${orderTable(report)}
</main>`,
  )
}

/** The last moment that a timeline must show: of an order or a fault. */
export function endOf({ orders, faults }: RunReport): number {
  return Math.max(1, ...orders.map(({ startedAt, ms }) => startedAt + ms), ...faults.map(({ to }) => to))
}

function headline({ battery, seed, invariants, orderService, client, stage, startedAt, ms, orders }: RunReport): Html {
  const failed = invariants.filter(({ passed }) => !passed).length
  const answer =
    failed === 0
      ? html`<span class="passed">✓ all ${plural(invariants.length, 'check')} passed</span>`
      : html`<span class="failed">✗ ${failed} of ${plural(invariants.length, 'check')} failed</span>`
  return html`<h1>${answer}</h1>
<p class="facts"><strong>${battery} · seed ${seed}</strong><span>order service: ${orderService}</span>
<span>client: ${client}</span><span>stage: ${stage}</span><span>${plural(orders.length, 'order')}</span>
<span>${seconds(ms)}</span><time datetime="${startedAt}">${startedAt.slice(0, 19).replace('T', ' ')} UTC</time></p>`
}
