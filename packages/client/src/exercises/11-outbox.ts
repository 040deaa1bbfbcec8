import { planOrders } from '../batteries/planned-order.ts'
import { fromOrder, numbered, onceSaved } from '../batteries/schedule.ts'
import { slowWork, unavailable } from '../faults/outage-effect.ts'
import { slowReply } from '../faults/toxic-effect.ts'
import { amountAndDiscountRight, everyOrderPlaced, loyaltyToldOnce, oneOrderPerKey } from '../invariants/index.ts'
import { persistent } from '../run/client-profile.ts'
import type { Exercise } from './exercise.ts'
import { guestDoesNotWait } from './invariants/guest-does-not-wait.ts'

const TELLING = { method: 'PUT' }
const TELLING_TAKES = 1_400
const SLOW = 1
const KILLED = 3

export const outboxExercise: Exercise = {
  id: '11-outbox',
  point: 'Two writes that belong together: commit them as one.',
  predict:
    'The order service is killed after it has saved an order and before it has told loyalty. Who knows, when it is back, that something is still to be told?',
  learnt: 'What must happen after the commit is part of what is committed.',
  battery: {
    name: '11-outbox',
    summary:
      'loyalty is slow to be told, can’t be told, and the one who would tell it is killed right after the commit',
    orders: planOrders(
      ['Ada', 'Ben', 'Cleo', 'Dora'].map((customer) => ({ customer, items: [{ id: 'burger', quantity: 1 }] })),
    ),
    arrivals: { kind: 'in turn' },
    client: persistent,
    schedule: () =>
      numbered([
        { ...slowWork('loyalty', TELLING_TAKES, TELLING), ...fromOrder(SLOW), until: { ms: TELLING_TAKES } },
        { ...unavailable('loyalty', TELLING), ...fromOrder(2), until: { ms: 1_500 } },
        // The service hears of its commit half a second late: the kill comes before anything that it does afterwards.
        { ...slowReply('order-postgres', 500), ...fromOrder(KILLED), until: { ms: 3_000 } },
        { kind: 'kill', target: 'order', ...onceSaved(KILLED), until: { ms: 200 } },
      ]),
    invariants: [
      everyOrderPlaced,
      amountAndDiscountRight,
      oneOrderPerKey,
      guestDoesNotWait(SLOW, TELLING_TAKES / 2),
      { ...loyaltyToldOnce, patience: 6_000 },
    ],
  },
  failsOn: ['the guest does not wait for loyalty', 'loyalty told once of each'],
  mistakes: [
    { name: 'fire-and-forget', failsOn: 'loyalty told once of each' },
    { name: 'after-the-commit', failsOn: 'loyalty told once of each' },
    { name: 'ignored-status', failsOn: 'loyalty told once of each' },
    { name: 'marked-before-telling', failsOn: 'loyalty told once of each' },
    { name: 'guest-waits', failsOn: 'the guest does not wait for loyalty' },
  ],
}
