import { planOrders } from '../batteries/planned-order.ts'
import { fromOrder, numbered } from '../batteries/schedule.ts'
import { slowWork, unavailable } from '../faults/outage-effect.ts'
import { amountAndDiscountRight, everyOrderPlaced } from '../invariants/index.ts'
import { single } from '../run/client-profile.ts'
import type { Exercise } from './exercise.ts'
import { answeredInTime } from './invariants/answered-in-time.ts'
import { failedNotCooked } from './invariants/failed-not-cooked.ts'
import { withinTheDeadline } from './invariants/within-the-deadline.ts'

const GUEST_WAITS = 1_500
const LOYALTY_HANGS = 3_000

export const deadlineExercise: Exercise = {
  id: '05-deadline',
  point: 'One budget of time for the whole order, passed on.',
  predict: `The guest waits ${GUEST_WAITS / 1_000} s and says so. Loyalty hangs when it is told of the order, and your retry is patient. Which of your bounds fires, and what does the guest get?`,
  learnt: 'A timeout says how long a call may take; a deadline says when nobody waits any more.',
  battery: {
    name: '05-deadline',
    summary: 'guests who say how long they wait, a loyalty that hangs, a menu that is down',
    orders: planOrders([
      { customer: 'Ada', items: [{ id: 'burger', quantity: 1 }], guest: { attemptTimeout: GUEST_WAITS } },
      {
        ...{ customer: 'Ben', items: [{ id: 'fries', quantity: 1 }], expect: 'failed' },
        guest: { attemptTimeout: GUEST_WAITS },
      },
      { customer: 'Cleo', items: [{ id: 'coke', quantity: 2 }], guest: { tellsDeadline: false } },
    ]),
    arrivals: { kind: 'in turn' },
    client: single,
    schedule: () =>
      numbered([
        { ...slowWork('loyalty', LOYALTY_HANGS, { method: 'PUT' }), ...fromOrder(1), until: { attempts: 1 } },
        { ...unavailable('menu'), ...fromOrder(2), until: { attempts: 1 } },
      ]),
    invariants: [
      everyOrderPlaced,
      amountAndDiscountRight,
      answeredInTime(GUEST_WAITS),
      withinTheDeadline([1, 2], GUEST_WAITS),
      failedNotCooked,
    ],
  },
  failsOn: ['the guest gets an answer in time', 'no call has more time than the guest'],
  mistakes: [
    {
      name: 'fresh-timeout-per-hop',
      failsOn: 'no call has more time than the guest',
      explains: ['every order placed', 'the guest gets an answer in time'],
    },
    {
      name: 'own-budget',
      failsOn: 'no call has more time than the guest',
      explains: ['every order placed', 'the guest gets an answer in time'],
    },
    { name: 'not-passed-on', failsOn: 'no call has more time than the guest' },
  ],
}
