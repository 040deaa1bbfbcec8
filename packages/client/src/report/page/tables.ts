import { type Html, html } from '@chaos-kitchen/telemetry/html'
import { seconds } from '../../faults/describe.ts'
import { phaseOf, phasesOf } from '../phases.ts'
import type { OrderReport, RunReport } from '../run-report.ts'
import { attemptsOf, labelOf, limitOf, measuredOf, outcomeOf } from './words.ts'

export function invariantTable({ invariants, orders }: RunReport): Html {
  return table(
    ['check', 'outcome', '#measured', '#limit', 'why, and where to look'],
    invariants.map((invariant) => {
      const { name, passed, why, order } = invariant
      const seen = orders.find(({ number }) => number === order)
      return html`<tr><th scope="row">${name}</th><td>${outcome(passed)}</td>
<td class="number">${measuredOf(invariant)}</td><td class="number">${limitOf(invariant)}</td>
<td class="why">${why ?? ''} ${seen === undefined || passed ? '' : html`<a href="#order-${seen.number}">order ${seen.number}</a>`}</td></tr>`
    }),
  )
}

export function phaseTable(report: RunReport): Html {
  return table(
    ['when', '#orders', '#placed', '#attempts an order', '#p50', '#p95', '#slowest'],
    phasesOf(report).map(
      ({ phase, orders, placed, attempts, p50, p95, max }) => html`<tr><th scope="row">${phase}</th>
<td class="number">${orders}</td><td class="number">${placed}</td><td class="number">${(attempts / orders).toFixed(1)}</td>
<td class="number">${seconds(p50)}</td><td class="number">${seconds(p95)}</td><td class="number">${seconds(max)}</td></tr>`,
    ),
  )
}

export function faultTable({ faults }: RunReport): Html {
  if (faults.length === 0) return html`<p>None: this run shows the steady state.</p>`
  return table(
    ['fault', '#from', '#to', '#lasted', '#served again after'],
    faults.map((fault) => {
      const { from, to, recoveryMs } = fault
      return html`<tr><th scope="row">${labelOf(fault)}</th><td class="number">${seconds(from)}</td>
<td class="number">${seconds(to)}</td><td class="number">${seconds(to - from)}</td>
<td class="number">${recoveryMs === undefined ? '' : seconds(recoveryMs)}</td></tr>`
    }),
  )
}

export function orderTable({ orders, faults }: RunReport): Html {
  return table(
    ['#order', 'outcome', '#amount', '#discount', '#started', '#latency', 'when', '#attempts', 'each attempt', 'trace'],
    orders.map((order) => {
      const { number, placed, amount, discountPercentage: discount, startedAt, ms, attempts } = order
      return html`<tr id="order-${number}"><th class="number" scope="row">${number}</th>
<td class="${placed ? '' : 'failed'}">${outcomeOf(order)}</td><td class="number">${amount?.toFixed(2) ?? ''}</td>
<td class="number">${discount === null ? '' : `${discount} %`}</td><td class="number">${seconds(startedAt)}</td>
<td class="number">${seconds(ms)}</td><td class="keep">${phaseOf(order, faults)}</td><td class="number">${attempts}</td>
<td class="quiet">${attemptsOf(order)}</td><td class="id">${traceOf(order)}</td></tr>`
    }),
  )
}

export function outcome(passed: boolean): Html {
  return passed ? html`<span class="passed">✓ passed</span>` : html`<span class="failed">✗ failed</span>`
}

/** @param columns names; `#` in front of those of numbers */
export function table(columns: readonly string[], rows: readonly Html[]): Html {
  const heads = columns.map((name) =>
    name.startsWith('#')
      ? html`<th class="number" scope="col">${name.slice(1)}</th>`
      : html`<th scope="col">${name}</th>`,
  )
  return html`<div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`
}

function traceOf({ number, traceId, traceUrl }: OrderReport): Html {
  return link(traceUrl, `${traceId.slice(0, 8)}…`, `trace of order ${number}`)
}

/** A link, where the address is one of the web; its text alone otherwise. */
function link(address: string | null, text: string, label: string): Html {
  return address !== null && /^https?:\/\//.test(address)
    ? html`<a href="${address}" aria-label="${label}">${text}</a>`
    : html`${text}`
}
