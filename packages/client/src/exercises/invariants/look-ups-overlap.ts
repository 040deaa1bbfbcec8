import type { Arrival, Evidence, Finding, Invariant, OrderOutcome } from '../../invariants/index.ts'
import { notYet, settledWhen } from '../../invariants/so-far.ts'

/** Quicker look-ups say nothing: their order is the network's. */
const SLOW = 100

/**
 * The look-ups of an order, prices and discount, take about as long as the slowest of them, not as all together. Seen at
 * menu and loyalty, so that nothing else on the way counts.
 *
 * @param limit how many times as long as the slowest alone
 */
export function lookUpsOverlap(limit: number): Invariant {
  return {
    name: 'look-ups run at once',
    check: ({ orders, arrivals }) => findStretch(orders, lookUpsAmong(arrivals), limit),
    /** Settles at the end alone: a long look-up that comes late would be the slowest, and all others beside it. */
    early(soFar) {
      const finding = findStretch(soFar.orders, lookUpsAmong(soFar.arrivals), limit)
      return finding.measured === 0 ? notYet(finding) : settledWhen(false, finding)
    },
    reads: ['arrivals'],
  }
}

function lookUpsAmong({ menu, loyalty }: Evidence['arrivals']): Arrival[] {
  return [...menu, ...loyalty].filter(({ method }) => method === 'GET')
}

function findStretch(orders: readonly OrderOutcome[], lookUps: readonly Arrival[], limit: number): Finding {
  const [worst] = orders
    .map(({ planned, traceId }) => ({
      order: planned.number,
      stretch: stretchOf(lookUps.filter((arrival) => arrival.traceId === traceId)),
    }))
    .sort((a, b) => b.stretch - a.stretch)
  const measured = Number((worst?.stretch ?? 0).toFixed(1))
  const passed = measured > 0 && measured <= limit
  return {
    ...{ passed, measured, limit, unit: 'times the slowest', final: true },
    shown: `${measured} × the slowest`,
    shownLimit: `limit ${limit} ×`,
    ...(worst && !passed && { order: worst.order, why: WHY }),
  }
}

const WHY =
  'The look-ups wait for one another although none needs the other’s answer: their times add up, and the guest waits for the sum.'

function stretchOf(lookUps: readonly Arrival[]): number {
  const times = lookUps.flatMap(({ from, to }) => (to === undefined ? [] : [{ from, to }]))
  const longest = Math.max(0, ...times.map(({ from, to }) => to - from))
  if (times.length < 2 || longest < SLOW) return 0
  return (Math.max(...times.map(({ to }) => to)) - Math.min(...times.map(({ from }) => from))) / longest
}
