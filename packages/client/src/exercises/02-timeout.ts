import { planOrders } from '../batteries/planned-order.ts'
import { fromOrder, numbered } from '../batteries/schedule.ts'
import { slowWork } from '../faults/outage-effect.ts'
import { amountAndDiscountRight, everyOrderPlaced } from '../invariants/index.ts'
import { single } from '../run/client-profile.ts'
import type { Exercise } from './exercise.ts'
import { answeredInTime } from './invariants/answered-in-time.ts'
import { failedNotCooked } from './invariants/failed-not-cooked.ts'
import { nothingRunsOn } from './invariants/nothing-runs-on.ts'

const MENU_HANGS = 2_600
const GUEST_WAITS = 2_000

export const timeoutExercise: Exercise = {
  id: '02-timeout',
  point: 'Bound every remote call.',
  predict: `The menu takes ${MENU_HANGS} ms to answer and the guest waits ${GUEST_WAITS} ms. When does the order service notice that the guest has left, and what does it do then?`,
  learnt: 'A bound ends the waiting; a signal ends the work.',
  battery: {
    name: '02-timeout',
    summary: 'three orders, and a menu that hangs during the second',
    orders: planOrders([
      { customer: 'Ada', items: [{ id: 'burger', quantity: 1 }] },
      {
        ...{ customer: 'Ben', items: [{ id: 'burger', quantity: 2 }], expect: 'failed' },
        guest: { attemptTimeout: GUEST_WAITS },
      },
      { customer: 'Ada', items: [{ id: 'fries', quantity: 1 }] },
    ]),
    arrivals: { kind: 'in turn' },
    client: single,
    // Longer than the hang, so that whatever still works on order 2 is done before order 3.
    schedule: () => numbered([{ ...slowWork('menu', MENU_HANGS), ...fromOrder(2), until: { ms: MENU_HANGS + 600 } }]),
    invariants: [everyOrderPlaced, amountAndDiscountRight, answeredInTime(1_500), nothingRunsOn(400), failedNotCooked],
  },
  failsOn: ['the guest gets an answer in time', 'nothing runs on behind the guest'],
  mistakes: [
    { name: 'race-without-signal', failsOn: 'nothing runs on behind the guest' },
    {
      name: 'whole-order-only',
      failsOn: 'what failed was not cooked',
      explains: ['nothing runs on behind the guest'],
    },
    {
      name: 'longer-than-the-caller',
      failsOn: 'the guest gets an answer in time',
      explains: ['nothing runs on behind the guest', 'what failed was not cooked'],
    },
  ],
}
