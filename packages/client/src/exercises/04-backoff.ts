import { type OrderPlan, planOrders } from '../batteries/planned-order.ts'
import { fromOrder, numbered } from '../batteries/schedule.ts'
import { unavailable } from '../faults/outage-effect.ts'
import { amountAndDiscountRight, everyOrderPlaced } from '../invariants/index.ts'
import { single } from '../run/client-profile.ts'
import type { Exercise } from './exercise.ts'
import { arrivalsSpread } from './invariants/arrivals-spread.ts'
import { retryAfterKept } from './invariants/retry-after-kept.ts'

const GUESTS = 40
const OUTAGE = 2_500
const LAST = GUESTS + 2
const ASKED = 1_000

export const backoffExercise: Exercise = {
  id: '04-backoff',
  point: 'Wait longer each time, and not all equally long.',
  predict: `${GUESTS} guests order while the menu is down for ${OUTAGE / 1_000} s. When do their calls arrive once it is back?`,
  learnt: 'Backoff gives the callee time; jitter gives it a queue instead of a crowd.',
  battery: {
    name: '04-backoff',
    summary: `${GUESTS} guests during an outage of the menu`,
    orders: planOrders([
      { customer: 'first', items: [{ id: 'coke', quantity: 1 }] },
      ...Array.from(
        { length: GUESTS },
        (_, index): OrderPlan => ({
          ...{ customer: `guest ${index + 1}`, items: [{ id: 'coke', quantity: 1 }] },
          at: 150,
        }),
      ),
      { customer: 'last', items: [{ id: 'burger', quantity: 1 }], at: 6_500 },
    ]),
    arrivals: { kind: 'timed' },
    client: { ...single, attemptTimeout: 8_000, orderTimeout: 8_000 },
    schedule: () =>
      numbered([
        { ...unavailable('menu'), ...fromOrder(1), until: { ms: OUTAGE } },
        {
          ...unavailable('menu', { times: 1, retryAfter: ASKED, path: '/items/burger' }),
          ...fromOrder(LAST),
          until: { attempts: 1 },
        },
      ]),
    invariants: [everyOrderPlaced, amountAndDiscountRight, arrivalsSpread(600), retryAfterKept(LAST, ASKED)],
  },
  failsOn: ['every order placed'],
  mistakes: [
    { name: 'constant-delay', failsOn: 'no stampede when the menu is back' },
    { name: 'no-jitter', failsOn: 'no stampede when the menu is back' },
    { name: 'ignores-retry-after', failsOn: 'Retry-After is kept' },
  ],
}
