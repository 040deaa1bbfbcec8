import type { Arrival, Evidence, Finding, Invariant, OrderOutcome } from '../../invariants/index.ts'
import { notYet, settledWhen } from '../../invariants/so-far.ts'

/** Timers may be a little early. */
const ALMOST = 0.9

/**
 * The look-ups of an order, prices and discount, are all under way at the same time: none begins when another has ended.
 * Seen at menu and loyalty, so that nothing else on the way counts, and told by their order alone, so that a machine
 * that makes some of them longer changes nothing.
 *
 * @param slow milliseconds that a look-up takes while it is slowed down; the order of quicker ones is the network's
 */
export function lookUpsOverlap(slow: number): Invariant {
  return {
    name: 'look-ups run at once',
    check: ({ orders, arrivals }) => findWaiting(orders, slowLookUps(arrivals, slow)),
    /** Settles at the end alone: one that has not ended yet is not known to be slow. */
    early(soFar) {
      const finding = findWaiting(soFar.orders, slowLookUps(soFar.arrivals, slow))
      return finding.shown === undefined ? notYet(finding) : settledWhen(false, finding)
    },
    reads: ['arrivals'],
  }
}

type LookUp = Arrival & { readonly to: number }

function slowLookUps({ menu, loyalty }: Evidence['arrivals'], slow: number): LookUp[] {
  return [...menu, ...loyalty].flatMap(({ to, ...arrival }) =>
    arrival.method === 'GET' && to !== undefined && to - arrival.from >= slow * ALMOST ? [{ ...arrival, to }] : [],
  )
}

function findWaiting(orders: readonly OrderOutcome[], lookUps: readonly LookUp[]): Finding {
  const [worst] = orders
    .map(({ planned, traceId }) => {
      const own = lookUps.filter((lookUp) => lookUp.traceId === traceId)
      return { order: planned.number, all: own.length, waited: waitedAmong(own) }
    })
    .filter(({ all }) => all > 1)
    .sort((a, b) => b.waited - a.waited)
  // Where nobody looked anything up, nothing was seen of it.
  if (worst === undefined) return { passed: false, measured: 0, limit: 0, unit: 'look-ups', final: true, why: NEVER }
  const { order, all, waited } = worst
  return {
    ...{ passed: waited === 0, measured: waited, limit: 0, unit: 'look-ups', final: true },
    shown: `${waited} of ${all} waited`,
    shownLimit: 'limit 0',
    ...(waited > 0 && { order, why: WHY }),
  }
}

/** How many begin once the first of them has ended. */
function waitedAmong(lookUps: readonly LookUp[]): number {
  const firstEnd = Math.min(...lookUps.map(({ to }) => to))
  return lookUps.filter(({ from }) => from >= firstEnd).length
}

const WHY =
  'The look-ups wait for one another although none needs the other’s answer: their times add up, and the guest waits for the sum.'
const NEVER = 'No order asked for a price and a discount: nothing was seen of how its look-ups follow one another.'
