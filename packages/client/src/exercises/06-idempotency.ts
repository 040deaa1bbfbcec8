import { type OrderPlan, planOrders } from '../batteries/planned-order.ts'
import { fromOrder, numbered, onceSaved } from '../batteries/schedule.ts'
import { slowWork } from '../faults/outage-effect.ts'
import { lostReply, slowReply } from '../faults/toxic-effect.ts'
import { amountAndDiscountRight, everyOrderPlaced, noOrderWithoutItems } from '../invariants/index.ts'
import { persistent } from '../run/client-profile.ts'
import type { Exercise } from './exercise.ts'
import { firstReplyAgain } from './invariants/first-reply-again.ts'
import { oneOrderForAKey } from './invariants/one-order-for-a-key.ts'
import { otherBodyRefused } from './invariants/other-body-refused.ts'

const one = (id: string) => [{ id, quantity: 1 }]
const COPIES = 20
const KILLED = COPIES + 3

export const idempotencyExercise: Exercise = {
  id: '06-idempotency',
  point: 'A retry must not cook the meal twice.',
  predict:
    'An order is saved and its reply is lost. The guest sends it again under the same key. How many rows has the table then, and which line of your file decides it?',
  learnt: 'A key is claimed in the transaction that does the work: one of all copies wins, the others read.',
  battery: {
    name: '06-idempotency',
    summary: 'a lost reply, a reused key, twenty copies at once, a kill in the middle of writing',
    orders: planOrders([
      { customer: 'Ada', items: one('burger') },
      { customer: 'Ada', items: one('fries'), keyOf: 1, expect: 'refused', guest: { maxAttempts: 1 } },
      { customer: 'Ben', items: one('coke') },
      ...Array.from(
        { length: COPIES - 1 },
        (): OrderPlan => ({ customer: 'Ben', items: one('coke'), keyOf: 3, together: true }),
      ),
      { customer: 'Cleo', items: one('burger') },
    ]),
    arrivals: { kind: 'in turn' },
    client: persistent,
    schedule: () =>
      numbered([
        { ...lostReply('client-order'), ...fromOrder(1), until: { savedWithin: 5 } },
        // All copies have looked for the key before the first of them is saved.
        { ...slowWork('menu', 400), ...fromOrder(3), until: { ms: 1_200 } },
        // The service hears of what it wrote half a second late: the kill comes before it can write any more.
        { ...slowReply('order-postgres', 500), ...fromOrder(KILLED), until: { ms: 3_000 } },
        { kind: 'kill', target: 'order', ...onceSaved(KILLED), until: { ms: 300 } },
      ]),
    invariants: [
      everyOrderPlaced,
      oneOrderForAKey,
      firstReplyAgain,
      otherBodyRefused,
      noOrderWithoutItems,
      amountAndDiscountRight,
    ],
  },
  failsOn: ['one order per key', 'another body under that key is refused', 'no order without items'],
  mistakes: [
    {
      name: 'new-key-per-attempt',
      failsOn: 'one order per key',
      explains: [
        'the same key gets the first reply',
        'another body under that key is refused',
        'amount and discount right',
      ],
    },
    {
      name: 'check-then-insert',
      failsOn: 'one order per key',
      explains: ['the same key gets the first reply', 'amount and discount right'],
    },
    { name: 'two-transactions', failsOn: 'no order without items' },
  ],
}
