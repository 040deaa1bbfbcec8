import { setTimeout as sleep } from 'node:timers/promises'
import type { OrderOutcome } from '../invariants/index.ts'
import type { Restaurant } from './restaurant.ts'

const BETWEEN_READS = 50
const PATIENCE = 5_000

/**
 * Waits until loyalty has heard of these orders, since the next discount counts them; telling may happen in the
 * background. Goes on after five seconds: what was not told by then is for the invariants to find.
 */
export async function loyaltyHasHeard(
  restaurant: Restaurant,
  earlier: readonly OrderOutcome[],
  signal: AbortSignal,
): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE
  const expected = earlier.flatMap(({ reply }) => (reply === undefined ? [] : [reply.orderId]))
  const customerId = earlier[0]?.customerId
  if (customerId === undefined || expected.length === 0) return
  while (performance.now() < giveUpAt) {
    const known = await restaurant.loyaltyOf(customerId, signal).catch(() => [])
    if (expected.every((id) => known.some(({ orderId }) => orderId === id))) return
    await sleep(BETWEEN_READS, undefined, { signal })
  }
}
