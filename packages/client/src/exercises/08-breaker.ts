import { crowd } from '../batteries/crowd.ts'
import { planOrders } from '../batteries/planned-order.ts'
import { fromOrder, numbered } from '../batteries/schedule.ts'
import { unavailable } from '../faults/outage-effect.ts'
import { amountAndDiscountRight, everyOrderPlaced } from '../invariants/index.ts'
import { single } from '../run/client-profile.ts'
import type { Exercise } from './exercise.ts'
import { backSoon } from './invariants/back-soon.ts'
import { failsFast } from './invariants/fails-fast.ts'
import { onlyProbes } from './invariants/only-probes.ts'
import { stillAsked } from './invariants/still-asked.ts'

const PER_SECOND = 10
const OUTAGE = 4_500
const RECOVERY = 3_000
const DELAY = 900
const EARLY = 3
/** From the first orders to the others: they are to be over when the outage begins. */
const QUIET = 1_200
const GUESTS = ((OUTAGE + RECOVERY) * PER_SECOND) / 1_000
const LATE = 5

export const breakerExercise: Exercise = {
  id: '08-breaker',
  point: 'Stop asking what is down, and notice when it is back.',
  predict: `Loyalty is down for ${OUTAGE / 1_000} s and takes ${DELAY} ms to say so. ${PER_SECOND} guests a second order meanwhile. How many of them have to wait that long before the order service could know better?`,
  learnt: 'A breaker remembers for all callers what one of them found out, and forgets it in time.',
  battery: {
    name: '08-breaker',
    summary: `${PER_SECOND} orders a second, and a loyalty that is down for ${OUTAGE / 1_000} s`,
    orders: planOrders(
      [...crowd('early', EARLY), ...crowd('guest', GUESTS, { expect: 'any' }), ...crowd('late', LATE)].map(
        (plan, index) => ({ ...plan, at: index < EARLY ? 0 : QUIET + (index * 1_000) / PER_SECOND }),
      ),
    ),
    arrivals: { kind: 'timed' },
    client: single,
    schedule: () =>
      numbered([{ ...unavailable('loyalty', { delay: DELAY }), ...fromOrder(EARLY + 1), until: { ms: OUTAGE } }]),
    invariants: [
      everyOrderPlaced,
      amountAndDiscountRight,
      failsFast('loyalty', 300),
      onlyProbes('loyalty', 0.3),
      stillAsked('menu', 'loyalty', 0.75),
      backSoon('loyalty', RECOVERY),
    ],
  },
  failsOn: ['answers at once while loyalty is down', 'only probes reach loyalty'],
  mistakes: [
    {
      name: 'breaker-per-order',
      failsOn: 'only probes reach loyalty',
      explains: ['answers at once while loyalty is down'],
    },
    {
      name: 'never-enough-calls',
      failsOn: 'only probes reach loyalty',
      explains: ['answers at once while loyalty is down'],
    },
    { name: 'waits-for-the-circuit', failsOn: 'answers at once while loyalty is down' },
    {
      name: 'one-for-all',
      failsOn: 'the menu is asked as ever',
      explains: ['only probes reach loyalty', 'answers at once while loyalty is down'],
    },
    { name: 'open-for-a-minute', failsOn: 'orders again once loyalty is back', explains: ['every order placed'] },
  ],
}
