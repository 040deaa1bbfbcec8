import { type OrderPlan, planOrders } from '../batteries/planned-order.ts'
import { fromOrder, numbered } from '../batteries/schedule.ts'
import { unavailable } from '../faults/outage-effect.ts'
import { amountAndDiscountRight, everyOrderPlaced } from '../invariants/index.ts'
import { single } from '../run/client-profile.ts'
import type { Exercise } from './exercise.ts'
import { arrivalsSpread } from './invariants/arrivals-spread.ts'
import { retryAfterKept } from './invariants/retry-after-kept.ts'

const WARM_UP = 8
const GUESTS = 24
/**
 * Ends halfway between two calls of whoever waits equally long, after 2 s and 3 s (constant) or 1.5 s and 3.1 s
 * (exponential), so that neither a late call nor a late end parts a crowd in two.
 */
const OUTAGE = 2_700
const ASKED = 1_000
/** The first of the crowd, with whom the outage begins, and the one who comes after it. */
const FIRST = WARM_UP + 1
const LAST = WARM_UP + GUESTS + 1

export const backoffExercise: Exercise = {
  id: '04-backoff',
  point: 'Wait longer each time, and not all equally long.',
  predict: `${GUESTS} guests order while the menu is down for ${OUTAGE / 1_000} s. When do their calls arrive once it is back?`,
  learnt: 'Backoff gives the callee time; jitter gives it a queue instead of a crowd.',
  battery: {
    name: '04-backoff',
    summary: `${GUESTS} guests during an outage of the menu`,
    orders: planOrders([
      // A service that has just started is slow, which would look like waiting.
      ...guests('early', WARM_UP, (index) => index * 100),
      ...guests('guest', GUESTS, (index) => (index === 0 ? 1_000 : 1_150)),
      { customer: 'last', items: [{ id: 'burger', quantity: 1 }], at: 7_200 },
    ]),
    arrivals: { kind: 'timed' },
    client: { ...single, attemptTimeout: 8_000, orderTimeout: 8_000 },
    schedule: () =>
      numbered([
        { ...unavailable('menu'), ...fromOrder(FIRST), until: { ms: OUTAGE } },
        {
          ...unavailable('menu', { times: 1, retryAfter: ASKED, path: '/items/burger' }),
          ...fromOrder(LAST),
          until: { attempts: 1 },
        },
      ]),
    invariants: [everyOrderPlaced, amountAndDiscountRight, arrivalsSpread(300), retryAfterKept(LAST, ASKED)],
  },
  failsOn: ['every order placed'],
  mistakes: [
    { name: 'constant-delay', failsOn: 'no stampede when the menu is back' },
    { name: 'no-jitter', failsOn: 'no stampede when the menu is back' },
    { name: 'ignores-retry-after', failsOn: 'Retry-After is kept' },
  ],
}

function guests(name: string, count: number, at: (index: number) => number): OrderPlan[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ customer: `${name} ${index + 1}`, items: [{ id: 'coke', quantity: 1 }] },
    at: at(index),
  }))
}
