import type { PlannedOrder } from '../../batteries/planned-order.ts'
import type { Finding, Invariant, OrderOutcome } from '../../invariants/index.ts'
import { allEnded, notYet } from '../../invariants/so-far.ts'

/** The same key with another meal is a mistake of the caller, not a replay. */
export const otherBodyRefused: Invariant = {
  name: 'another body under that key is refused',
  check: ({ orders }) => findAnswer(orders),
  early(soFar) {
    const finding = findAnswer(soFar.orders)
    return allEnded(soFar, isOtherBody) ? finding : notYet(finding)
  },
}

function isOtherBody({ keyOf, expect }: PlannedOrder): boolean {
  return keyOf !== undefined && expect === 'refused'
}

function findAnswer(orders: readonly OrderOutcome[]): Finding {
  const other = orders.find(({ planned }) => isOtherBody(planned))
  const status = other?.attempts.at(-1)?.status ?? 0
  const passed = status >= 400 && status < 500
  return {
    ...{ passed, measured: status, limit: 422, unit: 'status', final: true },
    shown: status === 0 ? 'no answer' : String(status),
    shownLimit: '400 to 499',
    ...(other &&
      !passed && {
        order: other.planned.number,
        exercise: '06',
        why:
          status === 201
            ? 'A guest reused a key for another meal and was told that it is on its way. They got the first meal, or two: a key has to be tied to what was asked.'
            : 'A guest reused a key for another meal. That is their mistake, and a 5xx only makes them try again.',
      }),
  }
}
