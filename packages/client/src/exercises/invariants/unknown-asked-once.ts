import type { Invariant } from '../../invariants/index.ts'
import { callsOf, mostRepeated } from './calls-of.ts'

/** What will fail the next time just as it did this time is not asked for again. */
export const unknownAskedOnce: Invariant = {
  name: 'an unknown item is asked for once',
  check(evidence) {
    const mistaken = evidence.orders.filter(({ planned }) => planned.expect === 'refused')
    const [worst] = mistaken
      .map((order) => ({ order, calls: mostRepeated(callsOf(order, 'menu', evidence)) }))
      .sort((a, b) => b.calls - a.calls)
    const measured = worst?.calls ?? 0
    return {
      ...{ passed: measured === 1, measured, limit: 1, unit: 'calls', final: true },
      shown: `${measured} ${measured === 1 ? 'call' : 'calls'}`,
      shownLimit: 'limit 1',
      ...(worst &&
        measured > 1 && {
          order: worst.order.planned.number,
          exercise: '03',
          why: `The menu said 404 and was asked ${measured} times. It knows its items: only what may be gone the next time is worth another attempt.`,
        }),
    }
  },
}
