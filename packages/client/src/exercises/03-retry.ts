import { planOrders } from '../batteries/planned-order.ts'
import { fromOrder, numbered } from '../batteries/schedule.ts'
import { droppedRequests, slowWork, unavailable } from '../faults/outage-effect.ts'
import { amountAndDiscountRight, everyOrderPlaced } from '../invariants/index.ts'
import { single } from '../run/client-profile.ts'
import type { Exercise } from './exercise.ts'
import { attemptsBounded } from './invariants/attempts-bounded.ts'
import { failedNotCooked } from './invariants/failed-not-cooked.ts'
import { mistakesRefused } from './invariants/mistakes-refused.ts'
import { noCallAfterLeaving } from './invariants/no-call-after-leaving.ts'
import { nothingRunsOn } from './invariants/nothing-runs-on.ts'
import { unknownAskedOnce } from './invariants/unknown-asked-once.ts'

const one = (id: string) => [{ id, quantity: 1 }]
const SLOW = 300
const GUEST_LEAVES = 150
const HANGS = 2_000

export const retryExercise: Exercise = {
  id: '03-retry',
  point: 'Retry what is transient, and nothing else.',
  predict:
    'The menu drops two connections, knows no lobster, is down for a while, is slow for a guest in a hurry, and once does not answer. For which of the five does another attempt help?',
  learnt: 'A retry needs a reason to hope, a last attempt, and somebody who still waits.',
  battery: {
    name: '03-retry',
    summary: 'dropped connections, a lobster, an outage, a guest in a hurry and a call that hangs',
    orders: planOrders([
      { customer: 'Ada', items: one('burger') },
      { customer: 'Ben', items: one('lobster'), expect: 'refused' },
      { customer: 'Cleo', items: one('burger'), expect: 'failed' },
      { customer: 'Dora', items: one('fries'), expect: 'failed', guest: { attemptTimeout: GUEST_LEAVES } },
      { customer: 'Eve', items: one('burger') },
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
        { ...slowWork('menu', HANGS, { times: 1 }), ...fromOrder(5), until: { attempts: 1 } },
      ]),
    invariants: [
      everyOrderPlaced,
      amountAndDiscountRight,
      mistakesRefused,
      unknownAskedOnce,
      attemptsBounded(3),
      noCallAfterLeaving(200),
      nothingRunsOn(400),
      failedNotCooked,
    ],
  },
  failsOn: ['every order placed'],
  mistakes: [
    { name: 'retries-everything', failsOn: 'an unknown item is asked for once' },
    {
      name: 'no-last-attempt',
      failsOn: '3 attempts at most',
      explains: ['nothing runs on behind the guest'],
    },
    {
      name: 'ignores-leaving',
      failsOn: 'no call after the guest left',
      explains: ['nothing runs on behind the guest'],
    },
    { name: 'bound-outside', failsOn: 'every order placed' },
    { name: 'past-the-pipeline', failsOn: 'nothing runs on behind the guest' },
  ],
}
