import { planOrders } from '../batteries/planned-order.ts'
import { fromOrder, numbered } from '../batteries/schedule.ts'
import { droppedRequests, unavailable } from '../faults/outage-effect.ts'
import { amountAndDiscountRight, everyOrderPlaced } from '../invariants/index.ts'
import { single } from '../run/client-profile.ts'
import type { Exercise } from './exercise.ts'
import { attemptsBounded } from './invariants/attempts-bounded.ts'
import { failedNotCooked } from './invariants/failed-not-cooked.ts'
import { mistakesRefused } from './invariants/mistakes-refused.ts'
import { noCallAfterLeaving } from './invariants/no-call-after-leaving.ts'
import { unknownAskedOnce } from './invariants/unknown-asked-once.ts'

const one = (id: string) => [{ id, quantity: 1 }]
const SLOW = 300
const GUEST_LEAVES = 150

export const retryExercise: Exercise = {
  id: '03-retry',
  point: 'Retry what is transient, and nothing else.',
  predict:
    'The menu drops two connections, knows no lobster, is down for a while, and is slow for a guest in a hurry. For which of the four does a second attempt help?',
  learnt: 'A retry needs a reason to hope, a last attempt, and somebody who still waits.',
  battery: {
    name: '03-retry',
    summary: 'dropped connections, a lobster, an outage and a guest in a hurry',
    orders: planOrders([
      { customer: 'Ada', items: one('burger') },
      { customer: 'Ben', items: one('lobster'), expect: 'refused' },
      { customer: 'Cleo', items: one('burger'), expect: 'failed' },
      { customer: 'Dora', items: one('fries'), expect: 'failed', guest: { attemptTimeout: GUEST_LEAVES } },
      { customer: 'Ada', items: one('coke') },
    ]),
    arrivals: { kind: 'in turn' },
    client: single,
    schedule: () =>
      numbered([
        { ...droppedRequests('menu', { times: 2 }), ...fromOrder(1), until: { attempts: 1 } },
        { ...unavailable('menu'), ...fromOrder(3), until: { attempts: 1 } },
        // Long enough for all that would still be asked once the guest has gone.
        { ...unavailable('menu', { delay: SLOW }), ...fromOrder(4), until: { ms: 1_500 } },
      ]),
    invariants: [
      everyOrderPlaced,
      amountAndDiscountRight,
      mistakesRefused,
      unknownAskedOnce,
      attemptsBounded(3),
      noCallAfterLeaving(200),
      failedNotCooked,
    ],
  },
  failsOn: ['every order placed'],
  mistakes: [
    { name: 'retries-everything', failsOn: 'an unknown item is asked for once' },
    { name: 'no-last-attempt', failsOn: '3 attempts at most' },
    { name: 'ignores-leaving', failsOn: 'no call after the guest left' },
  ],
}
