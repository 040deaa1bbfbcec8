import type { Invariant } from '../../invariants/index.ts'

/** A few stragglers don't make a crowd smaller. */
const MOST = 0.75

/**
 * Once the menu is back, the calls that waited for it don't come as a crowd. Measured over most of them, and not at the
 * peak, so that a busy machine that smears a crowd doesn't hide it.
 *
 * @param limit milliseconds within which three quarters of the calls arrive, at least
 */
export function arrivalsSpread(limit: number): Invariant {
  return {
    name: 'no stampede when the menu is back',
    check({ arrivals, faults, orders }) {
      const outage = faults.find(({ fault }) => fault.kind === 'unavailable')
      const back = outage?.to ?? 0
      const waited = orders.filter(({ startedAt, ms }) => startedAt < back && startedAt + ms > back)
      const traces = new Set(waited.map(({ traceId }) => traceId))
      const times = arrivals.menu
        .filter(({ from, traceId = '' }) => from >= back && traces.has(traceId))
        .map(({ from }) => from - back)
        .sort((a, b) => a - b)
      const most = Math.ceil(times.length * MOST)
      const measured = Math.round(narrowest(times, most))
      // Nobody waited: nothing was seen of a crowd, nor of its absence.
      const passed = times.length === 0 || measured >= limit
      return {
        ...{ passed, measured, limit, unit: 'ms', final: true },
        shown:
          times.length === 0 ? 'nobody came' : `${most} of ${times.length} calls in ${(measured / 1_000).toFixed(2)} s`,
        shownLimit: `at least ${(limit / 1_000).toFixed(2)} s`,
        ...(!passed && {
          ...(waited[0] && { order: waited[0].planned.number }),
          exercise: '04',
          why: 'All calls failed together and waited equally long, so all of them came back together. The outage is over, and the crowd starts the next one.',
        }),
      }
    },
  }
}

/** The shortest time in which so many of them came. */
function narrowest(times: readonly number[], count: number): number {
  const widths = times.flatMap((from, index) => {
    const to = times[index + count - 1]
    return to === undefined ? [] : [to - from]
  })
  return Math.min(...widths)
}
