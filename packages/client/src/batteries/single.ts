import { everyInvariant } from '../invariants/index.ts'
import type { Battery } from './battery.ts'
import { sixOrders } from './six-orders.ts'

/** The steady state: what an order looks like when nothing fails. */
export const single: Battery = {
  name: 'single',
  summary: 'one order, no faults',
  orders: sixOrders.slice(0, 1),
  arrivals: { kind: 'in turn' },
  schedule: () => [],
  invariants: everyInvariant({ attempts: 1, slowest: 5_000 }),
}
