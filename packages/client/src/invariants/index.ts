import { amountAndDiscountRight } from './amount-and-discount-right.ts'
import { attemptsNeeded } from './attempts-needed.ts'
import { everyOrderPlaced } from './every-order-placed.ts'
import type { Invariant } from './invariant.ts'
import { loyaltyToldOnce } from './loyalty-told-once.ts'
import { noOrderWithoutItems } from './no-order-without-items.ts'
import { oneOrderPerKey } from './one-order-per-key.ts'
import { slowestOrder } from './slowest-order.ts'

export type {
  Arrival,
  Attempt,
  Evidence,
  EvidenceSoFar,
  LoyaltyEntry,
  Observations,
  OrderOutcome,
  OrderReply,
  OrderUnderWay,
  Read,
  StoredOrder,
} from './evidence.ts'
export type { Finding, Invariant, InvariantResult, Measured } from './invariant.ts'

/** What a restaurant owes its guests, whatever fails. `slowest` in milliseconds. */
export function everyInvariant(limits: { attempts: number; slowest: number }): Invariant[] {
  return [
    everyOrderPlaced,
    amountAndDiscountRight,
    oneOrderPerKey,
    noOrderWithoutItems,
    loyaltyToldOnce,
    attemptsNeeded(limits.attempts),
    slowestOrder(limits.slowest),
  ]
}

export {
  amountAndDiscountRight,
  attemptsNeeded,
  everyOrderPlaced,
  loyaltyToldOnce,
  noOrderWithoutItems,
  oneOrderPerKey,
  slowestOrder,
}
