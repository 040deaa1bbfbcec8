import { planOrders } from '../batteries/planned-order.ts'
import { fromOrder, numbered } from '../batteries/schedule.ts'
import { slowWork } from '../faults/outage-effect.ts'
import { amountAndDiscountRight, everyOrderPlaced } from '../invariants/index.ts'
import { single } from '../run/client-profile.ts'
import type { Exercise } from './exercise.ts'
import { lookUpsOverlap } from './invariants/look-ups-overlap.ts'
import { mistakesRefused } from './invariants/mistakes-refused.ts'

const TAKES = 300

export const baseline: Exercise = {
  id: '01-baseline',
  point: 'Know the steady state before you break it.',
  predict: `Each look-up takes ${TAKES} ms: of a price in the menu, of the discount in loyalty. How long does an order of three items take, and what does a guest get who orders a lobster?`,
  learnt: 'What is independent runs at once, and a guest’s mistake is answered as one.',
  battery: {
    name: '01-baseline',
    summary: 'three good orders and a lobster, while menu and loyalty take their time',
    orders: planOrders([
      { customer: 'Ada', items: meal('burger', 'fries', 'coke') },
      { customer: 'Ada', items: meal('burger', 'fries', 'coke') },
      { customer: 'Ben', items: meal('burger', 'lobster'), expect: 'refused' },
      { customer: 'Ben', items: meal('fries', 'coke') },
    ]),
    arrivals: { kind: 'in turn' },
    client: single,
    schedule: () =>
      numbered([
        { ...slowWork('menu', TAKES), ...fromOrder(1), until: { attempts: 1 } },
        { ...slowWork('loyalty', TAKES, { method: 'GET' }), ...fromOrder(1), until: { attempts: 1 } },
        { ...slowWork('menu', TAKES), ...fromOrder(2), until: { attempts: 1 } },
      ]),
    invariants: [everyOrderPlaced, amountAndDiscountRight, mistakesRefused, lookUpsOverlap(TAKES)],
  },
  failsOn: ['a mistake is told to the guest', 'look-ups run at once'],
  mistakes: [
    { name: 'sequential', failsOn: 'look-ups run at once' },
    { name: 'discount-afterwards', failsOn: 'look-ups run at once' },
    { name: 'unknown-item-is-500', failsOn: 'a mistake is told to the guest' },
  ],
}

function meal(...ids: string[]) {
  return ids.map((id) => ({ id, quantity: 1 }))
}
