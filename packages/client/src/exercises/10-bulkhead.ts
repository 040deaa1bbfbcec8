import { crowdAtOnce } from '../batteries/crowd.ts'
import { planOrders } from '../batteries/planned-order.ts'
import { fromOrder, numbered } from '../batteries/schedule.ts'
import { slowWork } from '../faults/outage-effect.ts'
import { amountAndDiscountRight, everyOrderPlaced } from '../invariants/index.ts'
import { single } from '../run/client-profile.ts'
import type { Exercise } from './exercise.ts'
import { inFlightBounded } from './invariants/in-flight-bounded.ts'
import { placedMeanwhile } from './invariants/placed-meanwhile.ts'
import { readsStayQuick } from './invariants/reads-stay-quick.ts'
import { turnedAwayAtOnce } from './invariants/turned-away-at-once.ts'

const GUESTS = 50
const PATIENCE = 4_000
const MENU_TAKES = 700
const COOKS = 5
const FULL_HOUSE = 9

export const bulkheadExercise: Exercise = {
  id: '10-bulkhead',
  point: 'Bound what is in flight and what waits; turn away early.',
  predict: `The menu serves ${COOKS} at once and takes ${MENU_TAKES} ms for each. ${GUESTS} guests order at the same moment, and each of them waits ${PATIENCE / 1_000} s. How many can be served at best, and how many are if all of them are let in?`,
  learnt:
    'A queue is a promise. Promise what you can keep, and say no to the others while they can still go elsewhere.',
  battery: {
    name: '10-bulkhead',
    summary: `${GUESTS} orders at once, and a menu that is slow but well`,
    orders: planOrders([
      // By then, connections are open and code is compiled: what is measured is the full house.
      ...crowdAtOnce('early', 8),
      ...crowdAtOnce('guest', GUESTS, { expect: 'any', guest: { attemptTimeout: PATIENCE } }),
      { customer: 'last', items: [{ id: 'burger', quantity: 1 }] },
    ]),
    arrivals: { kind: 'in turn' },
    client: single,
    readsEvery: 100,
    schedule: () => numbered([{ ...slowWork('menu', MENU_TAKES), ...fromOrder(FULL_HOUSE), until: { ms: PATIENCE } }]),
    invariants: [
      everyOrderPlaced,
      amountAndDiscountRight,
      inFlightBounded('menu', COOKS + 2),
      placedMeanwhile(10),
      turnedAwayAtOnce(2_000),
      readsStayQuick(600),
    ],
  },
  failsOn: ['no crowd at the menu', 'guests are served meanwhile'],
  mistakes: [
    { name: 'unbounded-queue', failsOn: 'who can’t be served hears so at once' },
    { name: 'above-the-callee', failsOn: 'no crowd at the menu' },
    { name: 'holds-a-connection', failsOn: 'others can still read' },
  ],
}
