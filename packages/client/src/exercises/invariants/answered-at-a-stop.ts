import type { Finding, Invariant, OrderOutcome } from '../../invariants/index.ts'
import { allEnded, notYet } from '../../invariants/so-far.ts'

/**
 * An order that the service works on when it is asked to end gets its answer before it does. Needs a stop that comes
 * while the service works on it.
 *
 * @param order during whose first attempt the service is stopped
 */
export function answeredAtAStop(order: number): Invariant {
  return {
    name: 'a deployment cuts nobody off',
    check: ({ orders }) => findCut(order, orders),
    early(soFar) {
      const ended = allEnded(soFar, ({ number }) => number === order)
      return ended ? findCut(order, soFar.orders) : notYet()
    },
  }
}

function findCut(number: number, orders: readonly OrderOutcome[]): Finding {
  const [first] = orders.find(({ planned }) => planned.number === number)?.attempts ?? []
  const passed = first?.status !== undefined
  return {
    ...{ passed, measured: passed ? 1 : 0, limit: 1, unit: 'answers', final: true },
    shown: first === undefined ? 'nobody asked' : passed ? `answered ${first.status}` : (first.failure ?? 'no answer'),
    ...(!passed && {
      order: number,
      exercise: '12',
      why: `Order ${number} was in the book when the service was asked to end, and its guest got no answer: the connection was cut. SIGTERM is a request to finish what was begun, take nothing new, and then go.`,
    }),
  }
}
