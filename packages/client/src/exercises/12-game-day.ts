import type { SeededRandom } from '@chaos-kitchen/disruptor'
import { crowdAtOnce } from '../batteries/crowd.ts'
import { planOrders } from '../batteries/planned-order.ts'
import { fromOrder, numbered } from '../batteries/schedule.ts'
import { slowWork, unavailable } from '../faults/outage-effect.ts'
import { lostReply, slowReply } from '../faults/toxic-effect.ts'
import {
  amountAndDiscountRight,
  everyOrderPlaced,
  loyaltyToldOnce,
  noOrderWithoutItems,
  oneOrderPerKey,
} from '../invariants/index.ts'
import { persistent } from '../run/client-profile.ts'
import type { Exercise } from './exercise.ts'
import { inFlightBounded } from './invariants/in-flight-bounded.ts'
import { placedMeanwhile } from './invariants/placed-meanwhile.ts'
import { turnedAwayAtOnce } from './invariants/turned-away-at-once.ts'

const GUESTS = 80
const MENU_TAKES = 500
const COOKS = 40
const FULL_HOUSE = 6
const one = (id: string) => [{ id, quantity: 1 }]
const impatient = { attemptTimeout: 5_000, maxAttempts: 1 }

export const gameDayExercise: Exercise = {
  id: '12-game-day',
  point: 'Everything at once, and well again when it is over.',
  predict:
    'Ada orders twice within two seconds, and loyalty takes three to hear of the first order. What must the second one cost, and how can your file know?',
  learnt: 'Each protection is simple; what counts is their order, and what is still true when two of them meet.',
  battery: {
    name: '12-game-day',
    summary: 'faults everywhere, a full house, and then an ordinary evening again',
    orders: planOrders([
      { customer: 'Ada', items: one('burger') },
      { customer: 'Ada', items: one('burger'), together: true, at: 1_500 },
      { customer: 'Ben', items: one('burger') },
      { customer: 'Cleo', items: one('fries') },
      { customer: 'Ben', items: one('burger') },
      ...crowdAtOnce('guest', GUESTS, { expect: 'any', guest: impatient }),
      ...crowdAtOnce('evening', 10, { guest: impatient }),
    ]),
    arrivals: { kind: 'in turn' },
    client: persistent,
    schedule: (random) =>
      numbered([
        // Ada's second order finds a loyalty that has not heard of her first one. It is slow and does not fail: an open
        // circuit would keep the second order from asking.
        { ...slowWork('loyalty', 3_000, { method: 'PUT' }), ...fromOrder(1), until: { ms: 3_000 } },
        { ...lostReply('client-order'), ...fromOrder(3), until: { savedWithin: 5 } },
        { ...slowReply('order-menu', 800), ...fromOrder(4), until: { ms: 1_200 } },
        { ...disruption(random, 'order'), ...fromOrder(4, random.integer(2, 5) * 100) },
        { ...disruption(random, 'postgres'), ...fromOrder(5) },
        { ...unavailable('loyalty', { method: 'GET' }), ...fromOrder(5), until: { ms: 2_000 } },
        { ...slowWork('menu', MENU_TAKES), ...fromOrder(FULL_HOUSE), until: { ms: 2_000 } },
      ]),
    invariants: [
      everyOrderPlaced,
      amountAndDiscountRight,
      oneOrderPerKey,
      noOrderWithoutItems,
      inFlightBounded('menu', COOKS + 4),
      placedMeanwhile(20),
      turnedAwayAtOnce(3_000),
      loyaltyToldOnce,
    ],
  },
  failsOn: ['amount and discount right'],
  mistakes: [
    { name: 'still-degrades', failsOn: 'amount and discount right' },
    { name: 'stale-discount', failsOn: 'amount and discount right' },
    {
      name: 'no-limits',
      failsOn: 'no crowd at the menu',
      explains: ['guests are served meanwhile', 'who can’t be served hears so at once'],
    },
    {
      name: 'key-of-its-own',
      failsOn: 'one order per key',
      explains: ['loyalty told once of each', 'amount and discount right'],
    },
  ],
}

/** As a deployment, a crash or a machine that stands still. */
function disruption(random: SeededRandom, target: string) {
  return { kind: random.pick(['stop', 'kill', 'pause'] as const), target, until: { ms: random.integer(3, 8) * 100 } }
}
