import type { Finding, Invariant, OrderOutcome } from '../../invariants/index.ts'
import { allEnded, notYet, settledWhen } from '../../invariants/so-far.ts'
import { capitalize, orderList } from '../../invariants/words.ts'

/** An order that cannot be cooked gets a 4xx: a 5xx says that trying again may help. */
export const mistakesRefused: Invariant = {
  name: 'a mistake is told to the guest',
  check: ({ orders }) => findUntold(orders),
  early(soFar) {
    const finding = findUntold(soFar.orders)
    if (finding.limit === 0) return notYet(finding)
    return settledWhen(!finding.passed || allEnded(soFar, ({ expect }) => expect === 'refused'), finding)
  },
}

function findUntold(orders: readonly OrderOutcome[]): Finding {
  const mistaken = orders.filter(({ planned }) => planned.expect === 'refused')
  const wrong = mistaken.filter((outcome) => !isRefused(outcome))
  const told = mistaken.length - wrong.length
  const first = wrong[0]
  return {
    passed: wrong.length === 0,
    measured: told,
    limit: mistaken.length,
    unit: 'orders',
    shown: first === undefined ? statusOf(mistaken[0]) : statusOf(first),
    shownLimit: '400 to 499',
    final: true,
    ...(first && {
      order: first.planned.number,
      exercise: '01',
      why: `${capitalize(orderList(wrong.map(({ planned }) => planned.number)))} can't be cooked, and the guest was answered ${statusOf(first)}. That reads as the kitchen's trouble: guests, and every retry on the way, will try again for nothing.`,
    }),
  }
}

function isRefused({ attempts }: OrderOutcome): boolean {
  const status = attempts.at(-1)?.status ?? 0
  return status >= 400 && status < 500
}

function statusOf(outcome: OrderOutcome | undefined): string {
  return String(outcome?.attempts.at(-1)?.status ?? 'nothing')
}
