import { seconds } from '../../faults/describe.ts'
import type { Arrival, EvidenceSoFar, Finding, Invariant, OrderOutcome } from '../../invariants/index.ts'
import { notYet, settledWhen, startedOrders } from '../../invariants/so-far.ts'

/** A few stragglers don't make a crowd smaller. */
const MOST = 0.75

/**
 * Once the menu is back, the calls that waited for it don't come as a crowd: they paused for different times, each since
 * its own last failure. So a busy machine, which spreads out whatever comes, more so with every attempt, neither hides a
 * crowd nor invents one.
 *
 * @param limit milliseconds within which three quarters of the pauses lie, at least
 */
export function arrivalsSpread(limit: number): Invariant {
  return {
    name: 'no stampede when the menu is back',
    check: ({ orders, arrivals, faults }) => findCrowd(orders, arrivals.menu, backAt(faults) ?? 0, limit),
    early(soFar) {
      const back = backAt(soFar.faults)
      const waiting = waitingAt(back ?? Number.POSITIVE_INFINITY, startedOrders(soFar))
      const finding = findCrowd(startedOrders(soFar), soFar.arrivals.menu, back ?? 0, limit)
      if (back === undefined || finding.measured === 0) return notYet(finding)
      // Whoever waited has come again, and has an answer: nobody is added to them.
      const come = waiting.every(({ traceId }) => againOf(traceId, soFar.arrivals.menu, back) !== undefined)
      return settledWhen(come && soFar.underWay.every(({ startedAt }) => startedAt >= back), finding)
    },
    reads: ['arrivals'],
  }
}

function backAt(faults: EvidenceSoFar['faults']): number | undefined {
  return faults.find(({ fault }) => fault.kind === 'unavailable')?.to
}

function waitingAt(back: number, orders: readonly OrderOutcome[]): OrderOutcome[] {
  return orders.filter(({ startedAt, ms }) => startedAt < back && startedAt + ms > back)
}

function againOf(traceId: string, calls: readonly Arrival[], back: number): Arrival | undefined {
  return calls.find((call) => call.traceId === traceId && call.from >= back)
}

function findCrowd(orders: readonly OrderOutcome[], calls: readonly Arrival[], back: number, limit: number): Finding {
  const waiting = waitingAt(back, orders)
  const pauses = waiting.flatMap(({ traceId }) => {
    const failed = calls.findLast((call) => call.traceId === traceId && call.from < back)
    const again = againOf(traceId, calls, back)
    return failed === undefined || again === undefined ? [] : [again.from - (failed.to ?? failed.from)]
  })
  const most = Math.ceil(pauses.length * MOST)
  const measured = Math.round(narrowest(pauses, most))
  // Nobody waited: nothing was seen of a crowd, nor of its absence.
  const passed = pauses.length === 0 || measured >= limit
  return {
    ...{ passed, measured, limit, unit: 'ms', final: true },
    shown: pauses.length === 0 ? 'nobody came' : `${most} within ${seconds(measured)}`,
    shownLimit: `at least ${seconds(limit)}`,
    ...(!passed && {
      ...(waiting[0] && { order: waiting[0].planned.number }),
      exercise: '04',
      why: `Calls that failed together came back together: ${most} of ${pauses.length} had paused equally long, give or take ${seconds(measured)}. The outage is over, and the crowd starts the next one.`,
    }),
  }
}

/** The shortest span in which so many of them lie. */
function narrowest(unsorted: readonly number[], count: number): number {
  const times = unsorted.toSorted((a, b) => a - b)
  const widths = times.flatMap((from, index) => {
    const to = times[index + count - 1]
    return to === undefined ? [] : [to - from]
  })
  return widths.length === 0 ? 0 : Math.min(...widths)
}
