import { seconds } from '../faults/describe.ts'
import type { Fault } from '../faults/fault.ts'
import type { ServiceName } from '../faults/outage-effect.ts'
import type { Arrival, Evidence, OrderOutcome } from '../invariants/index.ts'

/** What a fault did to whoever called, against the same run without it. */
export interface Effect {
  readonly bites: boolean
  /** As `order 2: 0.05 s became 2.01 s`; what was looked at, where nothing changed. */
  readonly shown: string
}

/** Less than that is noise of a busy machine, in milliseconds; where the fault adds a known delay, half of it counts. */
const NOISE = 150

/**
 * Looks for the fault where its victims are: first in what guests saw (no success, another answer, more attempts,
 * latency), then in how the services were called.
 */
export function effectOf(fault: Fault, calm: Evidence, bitten: Evidence): Effect {
  const least = leastDelay(fault)
  const guests = bitten.orders.filter((order) => wasThere(order, fault, bitten))
  const effect =
    strongest(calm, guests, outcomeChanged) ??
    strongest(calm, guests, moreAttempts) ??
    strongest(calm, guests, (before, after) => slower(before, after, least)) ??
    strongest(calm, guests, (before, after) => calledMore(before, after, calm, bitten)) ??
    failedMeanwhile(fault, bitten) ??
    workedLonger(fault, calm, bitten, least)
  if (effect !== undefined) return { bites: true, shown: effect }
  return { bites: false, shown: 'the same outcomes, attempts, latencies and calls as without it' }
}

/** Whether a guest waited while the fault was on: what others met is noise. */
function wasThere({ startedAt, ms }: OrderOutcome, { id }: Fault, { faults }: Evidence): boolean {
  return faults.some(({ fault, from, to }) => fault.id === id && from <= startedAt + ms && to >= startedAt)
}

function leastDelay(fault: Fault): number {
  const delay =
    'behaviour' in fault ? fault.behaviour.delay : 'toxic' in fault ? fault.toxic.attributes.latency : undefined
  return delay === undefined ? NOISE : delay / 2
}

interface Change {
  readonly size: number
  readonly shown: string
}

/** The order that changed most. */
function strongest(
  calm: Evidence,
  guests: readonly OrderOutcome[],
  compare: (before: OrderOutcome, after: OrderOutcome) => Change | undefined,
): string | undefined {
  const changes = calm.orders.flatMap((before) => {
    const after = guests.find(({ planned }) => planned.number === before.planned.number)
    const change = after && compare(before, after)
    return change === undefined ? [] : [{ ...change, order: before.planned.number }]
  })
  const most = changes.sort((a, b) => b.size - a.size)[0]
  if (most === undefined) return undefined
  const others = changes.length === 1 ? '' : `, and ${changes.length - 1} more`
  return `order ${most.order}: ${most.shown}${others}`
}

function outcomeChanged(before: OrderOutcome, after: OrderOutcome): Change | undefined {
  const [was, is] = [lastAnswer(before), lastAnswer(after)]
  return was === is ? undefined : { size: 1, shown: `${was} became ${is}` }
}

function lastAnswer({ attempts, reply }: OrderOutcome): string {
  const { status, failure } = attempts.at(-1) ?? {}
  const degraded = reply?.degraded ? ', degraded' : ''
  return `${status ?? failure?.replace(/:.*/, '') ?? 'no reply'}${degraded}`
}

function moreAttempts(before: OrderOutcome, after: OrderOutcome): Change | undefined {
  const size = after.attempts.length - before.attempts.length
  return size <= 0 ? undefined : { size, shown: `${before.attempts.length} became ${after.attempts.length} attempts` }
}

function slower(before: OrderOutcome, after: OrderOutcome, least: number): Change | undefined {
  const size = after.ms - before.ms
  return size < least ? undefined : { size, shown: `${seconds(before.ms)} became ${seconds(after.ms)}` }
}

/** Guests tell of the calls to the order service, and one that was ended has forgotten whom it served. */
const SERVICES: readonly ServiceName[] = ['menu', 'loyalty']

/** Calls on behalf of one order. */
function calledMore(before: OrderOutcome, after: OrderOutcome, calm: Evidence, bitten: Evidence): Change | undefined {
  const changes = SERVICES.map((service) => {
    const [was, is] = [callsFor(before, calm.arrivals[service]), callsFor(after, bitten.arrivals[service])]
    return { size: is - was, shown: `${was} became ${is} calls to ${service}` }
  })
  return changes.filter(({ size }) => size > 0).sort((a, b) => b.size - a.size)[0]
}

function callsFor({ traceId }: OrderOutcome, arrivals: readonly Arrival[]): number {
  return arrivals.filter((arrival) => arrival.traceId === traceId).length
}

/** Calls that nobody waits for, as of a relay, are told by the time at which they came. */
function failedMeanwhile(fault: Fault, { arrivals, faults }: Evidence): string | undefined {
  for (const service of SERVICES) {
    const failed = arrivals[service].filter(
      (arrival) => isDuring(arrival, fault, faults) && (arrival.status === undefined || arrival.status >= 500),
    )
    if (failed.length > 0)
      return `${service}: ${failed.length} failed ${failed.length === 1 ? 'call' : 'calls'} meanwhile`
  }
  return undefined
}

function workedLonger(fault: Fault, calm: Evidence, { arrivals, faults }: Evidence, least: number): string | undefined {
  for (const service of SERVICES) {
    const during = arrivals[service].filter((arrival) => isDuring(arrival, fault, faults))
    const [before, after] = [longest(calm.arrivals[service]), longest(during)]
    if (after - before >= least) return `${service}: its longest call of ${seconds(before)} became ${seconds(after)}`
  }
  return undefined
}

function isDuring({ from }: Arrival, { id }: Fault, faults: Evidence['faults']): boolean {
  return faults.some((record) => record.fault.id === id && from >= record.from && from <= record.to)
}

function longest(arrivals: readonly Arrival[]): number {
  return Math.max(0, ...arrivals.map(({ from, to = from }) => to - from))
}
