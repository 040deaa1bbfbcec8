import { lostReply, slowReply } from '../faults/toxic-effect.ts'
import { everyInvariant } from '../invariants/index.ts'
import type { Battery } from './battery.ts'
import { planOrders } from './planned-order.ts'
import { numbered } from './schedule.ts'
import { sixOrders } from './six-orders.ts'

const orders = planOrders(
  Array.from({ length: 100 }, (_, index) => ({
    customer: `Guest ${index + 1}`,
    items: sixOrders[index % sixOrders.length]?.items ?? [],
  })),
)

/** A full house: orders come whether the kitchen keeps up or not. Replies get lost, then a service stops. */
export const rushHour: Battery = {
  name: 'rush-hour',
  summary: '100 orders, 20 a second, while the network and a service fail',
  orders,
  arrivals: { kind: 'rate', perSecond: 20 },
  schedule(random) {
    const slow = random.integer(10, 15) * 100
    return numbered([
      { ...lostReply('client-order'), from: { at: 500 }, until: { ms: random.integer(4, 8) * 100 } },
      {
        ...slowReply(random.pick(['order-menu', 'order-loyalty']), random.integer(2, 5) * 100),
        from: { at: slow },
        until: { ms: 1_000 },
      },
      {
        kind: random.pick(['stop', 'kill'] as const),
        target: random.pick(['menu', 'loyalty', 'postgres']),
        from: { at: slow + 1_500 },
        until: { ms: random.integer(4, 8) * 100 },
      },
    ])
  },
  invariants: everyInvariant({ attempts: 1_000, slowest: 120_000 }),
}
