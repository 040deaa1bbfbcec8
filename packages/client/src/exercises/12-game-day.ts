import type { SeededRandom } from '@chaos-kitchen/disruptor'
import { crowd, crowdAtOnce } from '../batteries/crowd.ts'
import { planOrders } from '../batteries/planned-order.ts'
import { fromOrder, numbered, onceSaved } from '../batteries/schedule.ts'
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
import { answeredAtAStop } from './invariants/answered-at-a-stop.ts'
import { inFlightBounded } from './invariants/in-flight-bounded.ts'
import { placedMeanwhile } from './invariants/placed-meanwhile.ts'
import { sparedWhileDown } from './invariants/spared-while-down.ts'
import { turnedAwayAtOnce } from './invariants/turned-away-at-once.ts'

const GUESTS = 80
const MENU_TAKES = 800
const COOKS = 25
const REGULARS = 24
/** The orders that something happens to. */
const LOST = 3
const DEPLOYED = 4
const DISRUPTED = 6
const NO_DATABASE = 7
const NO_DISCOUNT = 8
const FULL_HOUSE = NO_DISCOUNT + REGULARS
const one = (id: string) => [{ id, quantity: 1 }]
const regulars = Array.from({ length: REGULARS }, (_, index) => NO_DISCOUNT + index)
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
      { customer: 'Ada', items: one('burger'), together: true, at: 1_100 },
      { customer: 'Ben', items: one('burger') },
      { customer: 'Cleo', items: one('fries') },
      // Comes while the service is away.
      { customer: 'Eve', items: one('fries'), together: true, at: 2_100 },
      { customer: 'Ben', items: one('burger') },
      { customer: 'Dora', items: one('coke') },
      { customer: 'Dora', items: one('coke') },
      ...crowd('regular', REGULARS - 1, { together: true }),
      ...crowdAtOnce('guest', GUESTS, { expect: 'any', guest: impatient }),
      ...crowdAtOnce('evening', 10, { guest: impatient }),
    ]),
    arrivals: { kind: 'in turn' },
    // Asks again sooner than others: of three outages in a row, each costs its guest one more pause.
    client: { ...persistent, pause: { initial: 100, max: 300 } },
    schedule: (random) =>
      numbered([
        // Ada's second order finds a loyalty that has not heard of her first one. It is slow and does not fail: an open
        // circuit would keep the second order from asking.
        { ...slowWork('loyalty', 3_000, { method: 'PUT' }), ...fromOrder(1), until: { ms: 1_500 } },
        { ...lostReply('client-order'), ...fromOrder(LOST), until: { savedWithin: 5 } },
        // The service hears late of what it saved: it still works on this order when it is asked to end.
        { ...slowReply('order-postgres', 400), ...fromOrder(DEPLOYED), until: { attempts: 1 } },
        { kind: 'stop', target: 'order', ...onceSaved(DEPLOYED), until: { ms: 600 } },
        { ...slowReply('order-menu', 600), ...fromOrder(DISRUPTED), until: { ms: 900 } },
        { ...disruption(random, 'order'), ...fromOrder(DISRUPTED, random.integer(2, 5) * 100) },
        { ...disruption(random, 'postgres'), ...fromOrder(NO_DATABASE) },
        // It takes a while to say no: all regulars have asked before the first of them is told so.
        { ...unavailable('loyalty', { method: 'GET', delay: 400 }), ...fromOrder(NO_DISCOUNT), until: { ms: 1_300 } },
        { ...slowWork('menu', MENU_TAKES), ...fromOrder(FULL_HOUSE), until: { ms: 2_000 } },
      ]),
    invariants: [
      everyOrderPlaced,
      amountAndDiscountRight,
      oneOrderPerKey,
      noOrderWithoutItems,
      answeredAtAStop(DEPLOYED),
      sparedWhileDown('loyalty', regulars, 1.5),
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
    { name: 'no-draining', failsOn: 'a deployment cuts nobody off' },
    { name: 'breaker-outside', failsOn: 'loyalty is spared while it is down' },
  ],
}

/** As a deployment, a crash or a machine that stands still. */
function disruption(random: SeededRandom, target: string) {
  return { kind: random.pick(['stop', 'kill', 'pause'] as const), target, until: { ms: random.integer(3, 6) * 100 } }
}
