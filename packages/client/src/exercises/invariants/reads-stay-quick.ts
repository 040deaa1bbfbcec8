import { seconds } from '../../faults/describe.ts'
import type { Finding, Invariant, OrderOutcome, Read } from '../../invariants/index.ts'
import { notYet, settledWhen, startedOrders } from '../../invariants/so-far.ts'

/** Of some reads a busy machine makes slow ones; a pool that is held makes all of them slow. */
const MOST = 0.75

/**
 * Guests who only look at their orders don't notice that others can't be served. Measured over three of four reads
 * while others waited to be served.
 *
 * @param limit milliseconds
 */
export function readsStayQuick(limit: number): Invariant {
  return {
    name: 'others can still read',
    check: ({ orders, reads }) => findReads(orders, reads, limit),
    /** Settles at the end alone: a read that is under way counts for when it began. */
    early(soFar) {
      const finding = findReads(startedOrders(soFar), soFar.reads, limit)
      return finding.measured < 0 ? notYet(finding) : settledWhen(false, finding)
    },
  }
}

function findReads(orders: readonly OrderOutcome[], reads: readonly Read[], limit: number): Finding {
  const crowd = orders.filter(({ planned }) => planned.expect === 'any')
  const from = Math.min(...crowd.map(({ startedAt }) => startedAt))
  const to = Math.max(...crowd.map(({ startedAt, ms }) => startedAt + ms))
  const during = reads.filter(({ at }) => at >= from && at < to)
  const times = during.map(({ ms, status }) => (status === 200 ? ms : Number.POSITIVE_INFINITY)).sort((a, b) => a - b)
  const measured = times[Math.ceil(times.length * MOST) - 1] ?? Number.POSITIVE_INFINITY
  const passed = measured <= limit
  const failed = measured === Number.POSITIVE_INFINITY
  const [busy] = crowd
  return {
    ...{ passed, measured: failed ? -1 : Math.round(measured), limit, unit: 'ms', final: true },
    shown: failed ? 'reads failed' : `3 of 4 in ${seconds(measured)}`,
    shownLimit: `limit ${seconds(limit)}`,
    ...(!passed && {
      ...(busy && { order: busy.planned.number }),
      exercise: '10',
      why: 'The menu was slow, and guests who only looked at their orders had to wait as well. Something that both need, such as a connection to the database, was held while waiting for the menu.',
    }),
  }
}
