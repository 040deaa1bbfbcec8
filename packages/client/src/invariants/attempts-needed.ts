import type { OrderOutcome } from './evidence.ts'
import type { Finding, Invariant } from './invariant.ts'
import { allEnded, settledWhen } from './so-far.ts'

/** What the client's patience cost the restaurant. */
export function attemptsNeeded(limit: number): Invariant {
  return {
    name: 'attempts the client needed',
    check: ({ orders }) => countAttempts(orders, limit),
    early(soFar) {
      const finding = countAttempts(soFar.orders, limit)
      return settledWhen(!finding.passed || allEnded(soFar), finding)
    },
  }
}

function countAttempts(orders: readonly OrderOutcome[], limit: number): Finding {
  const attempts = orders.reduce((sum, order) => sum + order.attempts.length, 0)
  const worst = orders.toSorted((a, b) => b.attempts.length - a.attempts.length)[0]
  const passed = attempts <= limit
  return {
    passed,
    measured: attempts,
    limit,
    unit: 'attempts',
    shown: String(attempts),
    shownLimit: `limit ${limit}`,
    final: true,
    ...(!passed &&
      worst && {
        order: worst.planned.number,
        exercise: '03',
        why: `Order ${worst.planned.number} alone took ${worst.attempts.length} attempts. What the service does not retry itself, each of its callers has to.`,
      }),
  }
}
