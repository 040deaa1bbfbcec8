import type { SeededRandom } from '@chaos-kitchen/disruptor'
import { lostReply, lostRequest, slowReply, slowRequest } from '../faults/toxic-effect.ts'
import { everyInvariant } from '../invariants/index.ts'
import type { Battery } from './battery.ts'
import { HOPS, randomToxics } from './random-toxics.ts'
import { fromOrder, numbered } from './schedule.ts'
import { sixOrders } from './six-orders.ts'

/**
 * Everything at once. Whatever the seed:
 * - one order meets a lost reply between client and order service and nothing else, until it has been saved;
 * - another meets slow replies of the menu, and the order service is hit while it waits for them;
 * - the other four hops meet one toxic each, of the four kinds in turn, in the other four orders;
 * - PostgreSQL, one of menu and loyalty, and the way from the client to the order service are hit in three of those.
 */
export const complete: Battery = {
  name: 'complete',
  summary: 'six orders, faults on every hop, services and database disrupted',
  orders: sixOrders,
  arrivals: { kind: 'in turn' },
  schedule(random) {
    const numbers = random.shuffle(sixOrders.map(({ number }) => number))
    const [unlucky = 1, interrupted = 2, ...others] = numbers
    const [first = 3, second = 4, third = 5] = random.shuffle(others)
    const during = random.integer(1, 3) * 100
    const toxics = randomToxics(
      random,
      HOPS.filter((hop) => !['client-order', 'order-menu'].includes(hop)),
    )
    return numbered([
      { ...lostReply('client-order'), ...fromOrder(unlucky), until: { savedWithin: 5 } },
      { ...slowReply('order-menu', random.integer(6, 10) * 100), ...fromOrder(interrupted), until: { ms: 1_500 } },
      { ...disruption(random, 'order'), ...fromOrder(interrupted, during) },
      ...toxics.map((toxic, index) => ({ ...toxic, ...fromOrder(others[index] ?? unlucky) })),
      { ...disruption(random, 'postgres'), ...fromOrder(first, random.pick([0, during])) },
      { ...disruption(random, random.pick(['menu', 'loyalty'])), ...fromOrder(second) },
      { ...onTheWayToUs(random), ...fromOrder(third) },
    ])
  },
  invariants: everyInvariant({ attempts: 150, slowest: 120_000 }),
}

function onTheWayToUs(random: SeededRandom) {
  const latency = random.integer(2, 10) * 100
  const effect = random.pick([
    slowRequest('client-order', latency),
    slowReply('client-order', latency),
    lostRequest('client-order'),
  ])
  return { ...effect, until: { ms: random.integer(5, 12) * 100 } }
}

function disruption(random: SeededRandom, target: string) {
  const kind = random.pick(['stop', 'kill', 'pause', 'restart'] as const)
  return { kind, target, until: { ms: kind === 'restart' ? 0 : random.integer(5, 20) * 100 } }
}
