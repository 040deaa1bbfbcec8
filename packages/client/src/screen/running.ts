import { describeEffect, describeEnd, describePlace, seconds } from '../faults/describe.ts'
import { money } from '../invariants/words.ts'
import type { ActiveFault, OrderState, RunState } from '../run/run-state.ts'
import { ends, progressBar, row } from './layout.ts'
import type { Theme } from './theme.ts'
import { clock, countOf, ordinal, shortId } from './words.ts'

const ORDERS_SHOWN = 12
const FAULTS_SHOWN = 4

/** A battery while it runs: at most 22 lines, so that it fits a terminal of 24. */
export function renderRunning(theme: Theme, state: RunState, title: string, now: number): string[] {
  const done = state.orders.filter(({ outcome }) => outcome !== undefined).length
  return [
    ends(theme, title, clock(now), theme.bold),
    '',
    ...visibleOrders(state.orders).map((order) => orderLine(theme, state, order, now)),
    '',
    ...faultLines(theme, state.active, now),
    newsLine(theme, state),
    '',
    ` ${progressBar(theme, done, state.orders.length)}  ${done} of ${countOf(state.orders.length, 'order')}`,
  ]
}

/** What has failed already, or what is awaited. */
function newsLine(theme: Theme, { invariants, waiting }: RunState): string {
  const failed = invariants.find(({ passed }) => !passed)
  if (failed === undefined)
    return row(theme, [{ text: waiting === undefined ? '' : `     waiting for ${waiting}`, paint: theme.dim }])
  const { name, measured, unit, shown = `${measured} ${unit}` } = failed
  return row(theme, [{ text: theme.glyphs.fail, width: 5, paint: theme.fail }, { text: `${name}   ${shown}` }])
}

/** All of a short battery; of a long one, the last that have started. */
function visibleOrders(orders: readonly OrderState[]): readonly OrderState[] {
  if (orders.length <= ORDERS_SHOWN) return orders
  const started = orders.filter(({ startedAt }) => startedAt !== undefined).length
  const end = Math.max(ORDERS_SHOWN, started)
  return orders.slice(end - ORDERS_SHOWN, end)
}

function orderLine(theme: Theme, { battery }: RunState, order: OrderState, now: number): string {
  const number = { text: String(order.number), width: 4, align: 'right' as const, paint: theme.dim }
  const planned = battery.orders[order.number - 1]
  if (order.startedAt === undefined || planned === undefined) return row(theme, [number])
  const { outcome } = order
  const amount = outcome?.reply?.amountInCents ?? planned.amountInCents
  const discount = outcome?.reply?.discountPercentage ?? planned.discountPercentage
  const paint = (right: boolean) => ({ paint: outcome === undefined ? theme.dim : right ? asIs : theme.fail })
  return row(theme, [
    number,
    { text: money(amount), width: 8, align: 'right', ...paint(amount === planned.amountInCents) },
    { text: `${discount} %`, width: 7, align: 'right', ...paint(discount === planned.discountPercentage) },
    { text: '', width: 3 },
    ...progress(theme, order, now),
  ])
}

const asIs = (text: string) => text

function progress(theme: Theme, order: OrderState, now: number) {
  const { outcome, attempt, startedAt = now, traceId = '', traceUrl } = order
  if (outcome === undefined)
    return [
      { text: 'trying', width: 9, paint: theme.accent },
      { text: `${ordinal(Math.max(attempt, 1))} attempt`, width: 14 },
      { text: seconds(now - startedAt), width: 8, align: 'right' as const },
    ]
  const placed = outcome.reply !== undefined
  return [
    { text: placed ? 'placed' : 'lost', width: 9, paint: placed ? theme.pass : theme.fail },
    { text: countOf(outcome.attempts.length, 'attempt'), width: 14 },
    { text: seconds(outcome.ms), width: 8, align: 'right' as const },
    { text: traceUrl === undefined ? '' : `   ${shortId(traceId)}`, paint: theme.dim },
  ]
}

/** Always the same number of lines, so that nothing jumps. */
function faultLines(theme: Theme, active: readonly ActiveFault[], now: number): string[] {
  const hidden = active.length - FAULTS_SHOWN
  return Array.from({ length: FAULTS_SHOWN }, (_, index) => {
    const entry = active[index]
    const label = { text: index === 0 && active.length > 0 ? 'now' : '', width: 5, paint: theme.dim }
    if (entry === undefined) return row(theme, [label])
    if (hidden > 0 && index === FAULTS_SHOWN - 1) return row(theme, [label, { text: `and ${hidden + 1} more` }])
    return row(theme, [
      label,
      { text: describePlace(entry.fault), width: 19 },
      { text: describeEffect(entry.fault), width: 32 },
      { text: timeLeft(entry, now), paint: theme.dim },
    ])
  })
}

function timeLeft({ fault, startedAt }: ActiveFault, now: number): string {
  if (!('ms' in fault.until)) return describeEnd(fault)
  const left = startedAt + fault.until.ms - now
  return left > 0 ? `${seconds(left)} left` : 'coming back'
}
