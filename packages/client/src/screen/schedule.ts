import type { Battery } from '../batteries/index.ts'
import { describeEffect, describeEnd, describePlace, describeStart } from '../faults/describe.ts'
import type { Fault } from '../faults/fault.ts'
import { money } from '../invariants/words.ts'
import { ends, row } from './layout.ts'
import type { Theme } from './theme.ts'
import { countOf } from './words.ts'

/** `--dry-run`: what would happen, and nothing that a clock or a machine could change. */
export function renderSchedule(theme: Theme, battery: Battery, seed: number, faults: readonly Fault[]): string[] {
  return [
    ends(theme, `${battery.name} · seed ${seed}`, 'nothing is run', theme.bold),
    '',
    ...(battery.orders.length > 12
      ? [` ${summary(battery)}`]
      : battery.orders.map((order) =>
          row(theme, [
            { text: String(order.number), width: 4, align: 'right', paint: theme.dim },
            { text: money(order.amountInCents), width: 8, align: 'right' },
            { text: `${order.discountPercentage} %`, width: 7, align: 'right' },
            { text: `   ${order.customer}`, width: 10 },
            { text: order.items.map(({ id, quantity }) => `${quantity} ${id}`).join(', '), paint: theme.dim },
          ]),
        )),
    '',
    ...(faults.length === 0 ? [' no faults'] : faults.map((fault) => faultLine(theme, fault))),
  ]
}

function summary({ orders, arrivals }: Battery): string {
  const rate = arrivals.kind === 'rate' ? `, ${arrivals.perSecond} a second` : ', in turn'
  return `${countOf(orders.length, 'order')}${rate}`
}

function faultLine(theme: Theme, fault: Fault): string {
  return row(theme, [
    { text: describeStart(fault), width: 18, paint: theme.dim },
    { text: describePlace(fault), width: 20 },
    { text: describeEffect(fault), width: 26 },
    { text: describeEnd(fault), paint: theme.dim },
  ])
}
