import type { SeededRandom } from '@chaos-kitchen/disruptor'
import { lostReply, lostRequest, slowReply, slowRequest } from '../faults/toxic-effect.ts'
import { everyInvariant } from '../invariants/index.ts'
import type { Battery } from './battery.ts'
import { HOPS, randomToxics } from './random-toxics.ts'
import { type Draft, fromOrder, numbered } from './schedule.ts'
import { sixOrders } from './six-orders.ts'

/**
 * Everything at once. Whatever the seed:
 * - one order meets a lost reply between client and order service and nothing else, until it has been saved;
 * - every other hop meets one toxic, and the four kinds of toxics all occur;
 * - PostgreSQL is disrupted once and two services are, one of them the order service in the middle of its work.
 */
export const complete: Battery = {
  name: 'complete',
  summary: 'six orders, faults on every hop, services and database disrupted',
  orders: sixOrders,
  arrivals: { kind: 'in turn' },
  schedule(random) {
    const [unlucky = 1, ...others] = random.shuffle(sixOrders.map(({ number }) => number))
    const hops = random.shuffle(HOPS.filter((hop) => hop !== 'client-order'))
    const toxics = randomToxics(random, hops).map((toxic, index) => ({
      ...toxic,
      ...fromOrder(others[index] ?? unlucky),
    }))
    return numbered([
      { ...lostReply('client-order'), ...fromOrder(unlucky), until: { savedWithin: 5 } },
      ...toxics,
      onTheWayToUs(random, random.pick(others)),
      ...disruptions(random, random.shuffle(others)),
    ])
  },
  invariants: everyInvariant({ attempts: 60, slowest: 60_000 }),
}

function onTheWayToUs(random: SeededRandom, order: number): Draft {
  const latency = random.integer(2, 10) * 100
  const effect = random.pick([
    slowRequest('client-order', latency),
    slowReply('client-order', latency),
    lostRequest('client-order'),
  ])
  return { ...effect, ...fromOrder(order), until: { ms: random.integer(5, 12) * 100 } }
}

/** The order service is hit while it waits for the menu, whose replies are slow at that moment. */
function disruptions(random: SeededRandom, [first = 1, second = 1, third = 1]: number[]): Draft[] {
  const during = random.integer(1, 3) * 100
  return [
    { ...disruption(random, 'postgres'), ...fromOrder(first, random.pick([0, during])) },
    { ...disruption(random, random.pick(['menu', 'loyalty'])), ...fromOrder(second) },
    { ...slowReply('order-menu', random.integer(6, 10) * 100), ...fromOrder(third), until: { ms: 1_500 } },
    { ...disruption(random, 'order'), ...fromOrder(third, during) },
  ]
}

function disruption(random: SeededRandom, target: string) {
  const kind = random.pick(['stop', 'kill', 'pause', 'restart'] as const)
  return { kind, target, until: { ms: kind === 'restart' ? 0 : random.integer(5, 20) * 100 } }
}
