import { mustBeRefused } from '../batteries/planned-order.ts'
import { type SavedAs, savedIn, savedOrTold } from './book.ts'
import type { OrderOutcome, OrderReply } from './evidence.ts'
import type { Finding, Invariant } from './invariant.ts'
import { notYet, settledWhen } from './so-far.ts'
import { capitalize, money, orderList } from './words.ts'

/** What the client was told, and what was saved under that id, is what the menu and the customer's history make it. */
export const amountAndDiscountRight: Invariant = {
  name: 'amount and discount right',
  check: ({ orders, stored }) => findWrong(orders, savedIn(stored)),
  /** Passes at the end alone: until the whole book was read, an order may be missing in it. */
  early(soFar) {
    const finding = findWrong(soFar.orders, savedOrTold(soFar))
    return finding.limit === 0 ? notYet() : settledWhen(!finding.passed, finding)
  },
  reads: ['book'],
}

function findWrong(orders: readonly OrderOutcome[], savedAs: SavedAs): Finding {
  const placed = orders.filter(({ reply }) => reply !== undefined)
  const saved = ({ reply }: OrderOutcome) => (reply === undefined ? undefined : savedAs(reply.orderId))
  const wrong = placed.filter((order) => !isRight(order, order.reply) || !isRight(order, saved(order)))
  const right = placed.length - wrong.length
  const first = wrong.find(({ planned }) => !mustBeRefused(planned)) ?? wrong[0]
  return {
    passed: wrong.length === 0,
    measured: right,
    limit: placed.length,
    unit: 'orders',
    shown: `${right} of ${placed.length}`,
    final: true,
    ...(first && {
      order: first.planned.number,
      exercise: '06',
      why: explain(first, wrong, saved(first)),
    }),
  }
}

function isRight({ planned }: OrderOutcome, found: OrderReply | undefined): boolean {
  return found?.amountInCents === planned.amountInCents && found.discountPercentage === planned.discountPercentage
}

function explain(first: OrderOutcome, wrong: OrderOutcome[], saved: OrderReply | undefined): string {
  const { planned, reply } = first
  const which = capitalize(orderList(wrong.map((order) => order.planned.number)))
  if (saved === undefined)
    return `${which} got a success, and the database does not hold it: the guest paid for a meal that nobody cooks.`
  if (mustBeRefused(planned))
    return `${which} ${wrong.length === 1 ? 'was' : 'were'} placed, and there was nothing to place: whoever asked should have been told no.`
  const found = reply !== undefined && isRight(first, reply) ? saved : reply
  const told = `${money(found?.amountInCents ?? 0)} with ${found?.discountPercentage} % off`
  const due = `${money(planned.amountInCents)} with ${planned.discountPercentage} % off`
  const cause = isRight(first, saved)
    ? 'In the book it is as it should be: the reply was not made of what was saved.'
    : (found?.discountPercentage ?? 0) > planned.discountPercentage
      ? 'Loyalty counts more orders than this customer placed; a doubled order does that.'
      : 'Loyalty had not heard of an earlier order, or could not be asked.'
  return wrong.length === 1
    ? `${which} came to ${told} instead of ${due}. ${cause}`
    : `${which} are wrong; ${first === wrong[0] ? 'the first' : `order ${planned.number}`} came to ${told} instead of ${due}. ${cause}`
}
