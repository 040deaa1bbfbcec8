import { type SavedAs, savedIn, savedOrTold } from '../../invariants/book.ts'
import type { Finding, Invariant, OrderOutcome } from '../../invariants/index.ts'
import { notYet, settledWhen } from '../../invariants/so-far.ts'
import { capitalize, orderList } from '../../invariants/words.ts'

/** An order that was taken without its discount says so, to the guest and in the book, and no other order does. */
export const degradedSaysSo: Invariant = {
  name: 'a degraded order says so',
  check: ({ orders, stored }) => findDishonest(orders, savedIn(stored)),
  /** Passes at the end alone, when the whole book was read. */
  early(soFar) {
    const finding = findDishonest(soFar.orders, savedOrTold(soFar))
    return finding.limit === 0 ? notYet() : settledWhen(!finding.passed, finding)
  },
  reads: ['book'],
}

function findDishonest(orders: readonly OrderOutcome[], savedAs: SavedAs): Finding {
  const placed = orders.filter(({ reply }) => reply !== undefined)
  const wrong = placed.filter((order) => !isHonest(order, savedAs))
  const first = wrong[0]
  return {
    ...{ passed: wrong.length === 0, measured: placed.length - wrong.length, limit: placed.length, unit: 'orders' },
    final: true,
    shown: `${placed.length - wrong.length} of ${placed.length}`,
    ...(first && {
      order: first.planned.number,
      exercise: '09',
      why: first.planned.degraded
        ? `${capitalize(orderList(wrong.map(({ planned }) => planned.number)))} went without the discount, and ${silenceOf(first, savedAs)}. Nobody can explain the bill to the guest, or pay them back tomorrow.`
        : `${capitalize(orderList(wrong.map(({ planned }) => planned.number)))} could have had everything and was taken as if loyalty were down. A fallback must end with its reason.`,
    }),
  }
}

function silenceOf({ reply }: OrderOutcome, savedAs: SavedAs): string {
  if (reply?.degraded) return 'the book does not say so'
  return reply && savedAs(reply.orderId)?.degraded ? 'the guest was not told' : 'nothing says so'
}

function isHonest({ planned, reply }: OrderOutcome, savedAs: SavedAs): boolean {
  const saved = reply && savedAs(reply.orderId)
  const due = planned.degraded ?? false
  return reply?.degraded === due && saved?.degraded === due
}
