import type { PlannedOrder } from '../../batteries/planned-order.ts'
import type { Finding, Invariant, OrderOutcome } from '../../invariants/index.ts'
import { notYet, settledWhen } from '../../invariants/so-far.ts'

/** A machine that is busy with something else may be late for a few. */
const MOST = 0.75

/**
 * Whoever is not served is told so before long, by a 503 or 429 that says when to come back.
 *
 * @param limit milliseconds within which three quarters of them are told
 */
export function turnedAwayAtOnce(limit: number): Invariant {
  return {
    name: 'who can’t be served hears so at once',
    check: ({ orders }) => findUntold(orders, limit),
    early({ orders, planned }) {
      const finding = findUntold(orders, limit)
      const isCrowd = ({ expect }: PlannedOrder) => expect === 'any'
      const away = orders.filter((order) => isCrowd(order.planned) && order.reply === undefined).length
      const toCome = planned.filter(isCrowd).length - orders.filter((order) => isCrowd(order.planned)).length
      if (away === 0 && toCome > 0) return notYet()
      // Were all to come told at once, or none of them: where both give the same answer, it is the answer.
      const atBest = finding.measured + toCome >= Math.ceil((away + toCome) * MOST)
      const atWorst = finding.measured >= Math.ceil((away + toCome) * MOST)
      return settledWhen(!atBest || atWorst, finding)
    },
  }
}

function findUntold(orders: readonly OrderOutcome[], limit: number): Finding {
  const away = orders.filter(({ planned, reply }) => planned.expect === 'any' && reply === undefined)
  const told = away.filter((order) => wasTold(order) && order.ms <= limit)
  const least = Math.ceil(away.length * MOST)
  const passed = told.length >= least
  const worst = away.filter((order) => !told.includes(order)).toSorted((a, b) => b.ms - a.ms)[0]
  return {
    ...{ passed, measured: told.length, limit: least, unit: 'orders', final: true },
    shown: `${told.length} of ${away.length} in ${(limit / 1_000).toFixed(1)} s`,
    shownLimit: `at least ${least}`,
    ...(worst &&
      !passed && {
        order: worst.planned.number,
        exercise: '10',
        why: `Order ${worst.planned.number} ${answerOf(worst)} after ${(worst.ms / 1_000).toFixed(1)} s. Who can't be served is best told at the door, with a 503 and a Retry-After: it costs nothing, and they can still eat elsewhere.`,
      }),
  }
}

function wasTold({ attempts }: OrderOutcome): boolean {
  const { status, retryAfter } = attempts.at(-1) ?? {}
  return (status === 503 || status === 429) && retryAfter !== undefined
}

function answerOf({ attempts }: OrderOutcome): string {
  const { status, retryAfter } = attempts.at(-1) ?? {}
  if (status === undefined) return 'got no answer and was given up'
  return `was answered ${status}${retryAfter === undefined ? ' without a Retry-After' : ''}`
}
