import { type OrderPlan, planOrders } from '../batteries/planned-order.ts'
import { fromOrder, numbered } from '../batteries/schedule.ts'
import { slowWork, unavailable } from '../faults/outage-effect.ts'
import { amountAndDiscountRight, everyOrderPlaced } from '../invariants/index.ts'
import { single } from '../run/client-profile.ts'
import type { Exercise } from './exercise.ts'
import { degradedSaysSo } from './invariants/degraded-says-so.ts'
import { failedNotCooked } from './invariants/failed-not-cooked.ts'

const LOOK_UPS = { method: 'GET' }

export const degradeExercise: Exercise = {
  id: '09-degrade',
  point: 'A fallback is a decision of the business.',
  predict:
    'Loyalty can’t tell a discount. Three things could be done for the guest: no meal, a meal at full price, a guess. Which one does your file do, and who has decided that?',
  learnt: 'A fallback has an owner, a sign on it, and an end.',
  battery: {
    name: '09-degrade',
    summary: 'discounts that nobody can tell, and prices that nobody can tell',
    orders: planOrders([
      ada(),
      ada({ degraded: true }),
      ada(),
      { customer: 'Ben', items: [{ id: 'coke', quantity: 1 }], expect: 'failed' },
      ada({ degraded: true }),
      ada(),
    ]),
    arrivals: { kind: 'in turn' },
    client: single,
    schedule: () =>
      numbered([
        { ...unavailable('loyalty', LOOK_UPS), ...fromOrder(2), until: { attempts: 1 } },
        { ...unavailable('menu'), ...fromOrder(4), until: { attempts: 1 } },
        { ...slowWork('loyalty', 4_000, LOOK_UPS), ...fromOrder(5), until: { attempts: 1 } },
      ]),
    invariants: [everyOrderPlaced, amountAndDiscountRight, degradedSaysSo, failedNotCooked],
  },
  failsOn: ['every order placed'],
  mistakes: [
    { name: 'silent', failsOn: 'a degraded order says so' },
    {
      name: 'remembers-the-fallback',
      failsOn: 'amount and discount right',
      explains: ['a degraded order says so'],
    },
    { name: 'free-meals', failsOn: 'what failed was not cooked' },
  ],
}

function ada(more: Pick<OrderPlan, 'degraded'> = {}): OrderPlan {
  return { customer: 'Ada', items: [{ id: 'burger', quantity: 1 }], ...more }
}
