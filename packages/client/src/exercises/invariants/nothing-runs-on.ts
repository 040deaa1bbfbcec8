import { seconds } from '../../faults/describe.ts'
import type { Arrival, Finding, Invariant, OrderOutcome } from '../../invariants/index.ts'
import { notYet, settledWhen } from '../../invariants/so-far.ts'

const SLACK = 50

/**
 * Once a guest has an answer, or has gone, no request made for that order is still worked on by menu or loyalty.
 *
 * @param limit milliseconds from the end of the order, for the news to travel
 */
export function nothingRunsOn(limit: number): Invariant {
  return {
    name: 'nothing runs on behind the guest',
    check: ({ orders, arrivals }) => findLongest(orders, [...arrivals.menu, ...arrivals.loyalty], limit),
    /** Passes at the end alone: it is about what goes on behind the guest. */
    early({ orders, arrivals, askedAt }) {
      // What was open when the services were asked takes until then at least; clocks are read in two processes.
      const known = [...arrivals.menu, ...arrivals.loyalty].map((request) => ({ to: askedAt - SLACK, ...request }))
      const finding = findLongest(orders, known, limit)
      return askedAt < 0 ? notYet(finding) : settledWhen(!finding.passed, finding)
    },
    reads: ['arrivals'],
  }
}

function findLongest(orders: readonly OrderOutcome[], requests: readonly Arrival[], limit: number): Finding {
  const [worst] = orders
    .flatMap((order) =>
      requests
        .filter(({ traceId }) => traceId === order.traceId)
        .map((request) => ({ order, request, late: lateness(order, request) })),
    )
    .sort((a, b) => b.late - a.late)
  const late = worst?.late ?? 0
  const passed = late <= limit
  const open = late === Number.POSITIVE_INFINITY
  return {
    ...{ passed, measured: open ? -1 : Math.max(0, Math.round(late)), limit, unit: 'ms', final: true },
    shown: open ? 'one is still open' : `${seconds(Math.max(0, late))} longer`,
    shownLimit: `limit ${seconds(limit)}`,
    ...(worst &&
      !passed && {
        order: worst.order.planned.number,
        exercise: '02',
        why: `Order ${worst.order.planned.number} was over, and its ${worst.request.method} ${withoutIds(worst.request.path)} went on. Work that nobody waits for takes a connection and a cook away from guests who do wait.`,
      }),
  }
}

function lateness({ startedAt, ms }: OrderOutcome, { to = Number.POSITIVE_INFINITY }: Arrival): number {
  return to - (startedAt + ms)
}

/** An id is longer than a line has room for, and tells a person nothing. */
function withoutIds(path: string): string {
  return path.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '…')
}
