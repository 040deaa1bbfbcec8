import { lostReply } from '../faults/toxic-effect.ts'
import { everyInvariant } from '../invariants/index.ts'
import type { Battery } from './battery.ts'
import { HOPS, randomToxics } from './random-toxics.ts'
import { fromOrder, numbered } from './schedule.ts'
import { sixOrders } from './six-orders.ts'

const orders = sixOrders.slice(0, 3)

/** The network alone: one reply lost after the work, and a fault on a hop for each other order. */
export const half: Battery = {
  name: 'half',
  summary: 'three orders, faults of the network',
  orders,
  arrivals: { kind: 'in turn' },
  schedule(random) {
    const [unlucky = 1, ...others] = random.shuffle(orders.map(({ number }) => number))
    const hops = random.shuffle(HOPS.filter((hop) => hop !== 'client-order')).slice(0, others.length)
    return numbered([
      { ...lostReply('client-order'), ...fromOrder(unlucky), until: { savedWithin: 5 } },
      ...randomToxics(random, hops).map((toxic, index) => ({ ...toxic, ...fromOrder(others[index] ?? unlucky) })),
    ])
  },
  invariants: everyInvariant({ attempts: 50, slowest: 120_000 }),
}
