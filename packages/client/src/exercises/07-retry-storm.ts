import { crowdAtOnce } from '../batteries/crowd.ts'
import { planOrders } from '../batteries/planned-order.ts'
import { fromOrder, numbered } from '../batteries/schedule.ts'
import { unavailable } from '../faults/outage-effect.ts'
import { amountAndDiscountRight, everyOrderPlaced } from '../invariants/index.ts'
import { single } from '../run/client-profile.ts'
import type { Exercise } from './exercise.ts'
import { callsPerOrder } from './invariants/calls-per-order.ts'
import { failedNotCooked } from './invariants/failed-not-cooked.ts'

const GUESTS = 20
const PATIENCE = 3_000
const FIRST = 2
const LAST = 1 + GUESTS + 12 + 1

export const retryStormExercise: Exercise = {
  id: '07-retry-storm',
  point: 'Retry in one layer, and on a budget.',
  predict: `The menu is down, and ${GUESTS} guests order one coke each. How many calls does a menu get that can serve none of them?`,
  learnt: 'A retry is paid for by the callee: what all callers may spend together needs a limit.',
  battery: {
    name: '07-retry-storm',
    summary: `${GUESTS} guests at once, and a menu that is down for all of them`,
    orders: planOrders([
      { customer: 'first', items: [{ id: 'burger', quantity: 1 }] },
      ...crowdAtOnce('hungry', GUESTS, { expect: 'failed', guest: { attemptTimeout: PATIENCE } }),
      // Whoever comes once the menu is back pays the next retry in.
      ...crowdAtOnce('happy', 12),
      { customer: 'last', items: [{ id: 'burger', quantity: 1 }] },
    ]),
    arrivals: { kind: 'in turn' },
    client: single,
    schedule: () =>
      numbered([
        { ...unavailable('menu', { times: 1 }), ...fromOrder(1), until: { attempts: 1 } },
        // Longer than the guests' patience: nobody's retry finds the menu well again.
        { ...unavailable('menu'), ...fromOrder(FIRST), until: { ms: PATIENCE + 1_000 } },
        { ...unavailable('menu', { times: 1 }), ...fromOrder(LAST), until: { attempts: 1 } },
      ]),
    invariants: [everyOrderPlaced, amountAndDiscountRight, callsPerOrder('menu', 1.3), failedNotCooked],
  },
  failsOn: ['no storm on the menu'],
  mistakes: [
    { name: 'no-budget', failsOn: 'no storm on the menu' },
    { name: 'budget-per-order', failsOn: 'no storm on the menu' },
    { name: 'retries-outside-too', failsOn: 'no storm on the menu' },
    { name: 'never-again', failsOn: 'every order placed' },
  ],
}
