import { describeEffect, describePlace, seconds } from '../../faults/describe.ts'
import type { RunState } from '../../run/run-state.ts'
import { paragraph, row } from '../../screen/layout.ts'
import type { Theme } from '../../screen/theme.ts'
import { countOf, ordinal } from '../../screen/words.ts'
import type { Phase, WatchState } from '../state.ts'

/** After so many milliseconds without a sign of life, what that may mean is said: within five seconds from a save. */
const SILENCE = { start: 4_000, order: 3_000 }

/** What goes on while nothing is decided. Always the same number of lines, unless something is amiss. */
export function newsLines(theme: Theme, { phase, now }: WatchState): string[] {
  if (phase.name === 'starting') return startingLines(theme, now - phase.at)
  return phase.name === 'running' ? runningLines(theme, phase, now) : []
}

function startingLines(theme: Theme, elapsed: number): string[] {
  if (elapsed < SILENCE.start) return [label(theme, 'now', 'the order service restarts with your file'), '', '']
  return paragraph(
    theme,
    `The order service has not answered for ${seconds(elapsed)}: does what stands outside of functions come to an end? The next save tries again.`,
    1,
  )
}

function runningLines(theme: Theme, { state, servedAt }: Extract<Phase, { name: 'running' }>, now: number): string[] {
  // While a fault is there, waiting is what the exercise is about.
  const waiting = state.active.length > 0 ? undefined : longestWaiting(state, now - servedAt)
  if (waiting !== undefined && waiting.ms >= SILENCE.order)
    return paragraph(
      theme,
      `Order ${waiting.order} has had no answer for ${seconds(waiting.ms)}: does placeOrder come to an end, whatever it calls? The next save tries again.`,
      1,
    )
  return [
    label(theme, 'last', lastInWords(state)),
    label(theme, 'now', ordersInWords(state)),
    label(theme, '', faultsInWords(state)),
  ]
}

/** The order whose present attempt is the oldest. */
function longestWaiting(state: RunState, at: number): { order: number; ms: number } | undefined {
  const waiting = state.orders
    .filter(({ startedAt, outcome }) => startedAt !== undefined && outcome === undefined)
    .map(({ number, startedAt = at }) => ({ order: number, ms: at - startedAt }))
    .sort((a, b) => b.ms - a.ms)[0]
  return waiting
}

/** The first thing that is known of a run: what became of its first order. */
function lastInWords({ orders }: RunState): string {
  const ended = orders.flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome]))
  const last = ended.toSorted((a, b) => b.startedAt + b.ms - (a.startedAt + a.ms))[0]
  if (last === undefined) return ''
  const { planned, reply, attempts, ms, gaveUp = 'lost' } = last
  const became = reply === undefined ? gaveUp : 'placed'
  return `order ${planned.number} ${became} · ${countOf(attempts.length, 'attempt')} · ${seconds(ms)}`
}

function ordersInWords({ orders, waiting }: RunState): string {
  const ended = orders.filter(({ outcome }) => outcome !== undefined).length
  if (ended === orders.length) return waiting === undefined ? 'all orders are in' : `waiting for ${waiting}`
  const trying = orders.find(({ startedAt, outcome }) => startedAt !== undefined && outcome === undefined)
  const counted = `${ended} of ${orders.length} orders`
  if (trying === undefined) return waiting === undefined ? counted : `${counted} · waiting for ${waiting}`
  return `${counted} · order ${trying.number}, ${ordinal(Math.max(1, trying.attempt))} attempt`
}

function faultsInWords({ active }: RunState): string {
  const told = active.map(({ fault }) => `${describePlace(fault)}: ${describeEffect(fault)}`)
  return told.length > 2 ? `${told.slice(0, 2).join(' · ')} · ${told.length - 2} more` : told.join(' · ')
}

function label(theme: Theme, name: string, text: string): string {
  return row(theme, [{ text: name, width: 7, paint: theme.dim }, { text }])
}
