import { setTimeout as sleep } from 'node:timers/promises'
import type { Evidence, Invariant, InvariantResult, OrderOutcome } from '../invariants/index.ts'
import { mapBounded } from './map-bounded.ts'
import type { Restaurant } from './restaurant.ts'

const BETWEEN_READS = 200
const READ_PATIENCE = 20_000

/** Reads what the services hold and saw of these customers; keeps asking while one of them is still coming back. */
export async function collectEvidence(
  restaurant: Restaurant,
  orders: readonly OrderOutcome[],
  arrivals: () => Promise<Evidence['arrivals']>,
  signal: AbortSignal,
): Promise<Pick<Evidence, 'orders' | 'stored' | 'loyalty' | 'arrivals'>> {
  const customers = [...new Set(orders.map(({ customerId }) => customerId))]
  const giveUpAt = performance.now() + READ_PATIENCE
  while (true) {
    try {
      const stored = await mapBounded(customers, (customer) => restaurant.ordersOf(customer, signal))
      const loyalty = await mapBounded(customers, (customer) => restaurant.loyaltyOf(customer, signal))
      return { orders, stored: stored.flat(), loyalty: loyalty.flat(), arrivals: await arrivals() }
    } catch (error) {
      signal.throwIfAborted()
      if (performance.now() > giveUpAt) throw error
      await sleep(BETWEEN_READS, undefined, { signal })
    }
  }
}

/** Checks, and reads anew while a check that may wait has not passed. */
export async function checkInvariant(
  invariant: Invariant,
  first: Evidence,
  again: () => Promise<Evidence>,
  signal: AbortSignal,
): Promise<InvariantResult> {
  const giveUpAt = performance.now() + (invariant.patience ?? 0)
  let evidence = first
  while (true) {
    const finding = await invariant.check(evidence)
    if (finding.passed || finding.final || performance.now() >= giveUpAt) return { name: invariant.name, ...finding }
    await sleep(BETWEEN_READS, undefined, { signal })
    evidence = await again()
  }
}
