import type { SeededRandom } from '@chaos-kitchen/disruptor'
import type { Fault } from '../faults/fault.ts'
import type { Invariant } from '../invariants/invariant.ts'
import type { ClientProfile } from '../run/client-profile.ts'
import type { PlannedOrder } from './planned-order.ts'

/** Orders, a schedule of faults and invariants. Data, apart from the schedule, which is a pure function of a seed. */
export interface Battery {
  readonly name: string
  /** What it does, in a few words; shown in lists. */
  readonly summary: string
  readonly orders: readonly PlannedOrder[]
  readonly arrivals: Arrivals
  /** All chance of a run. Called once, with a generator that was seeded for this battery. */
  schedule(random: SeededRandom): Fault[]
  readonly invariants: readonly Invariant[]
  /** Who orders, where the battery is about a certain guest; otherwise whoever runs it says. */
  readonly client?: ClientProfile
  /** Reads of the order service through its proxy while orders are placed, one every so many milliseconds. */
  readonly readsEvery?: number
}

/**
 * `in turn`: an order starts when the one before has ended, every fault is over, every target is ready, and loyalty has
 * heard of that customer's earlier orders. `rate`: orders start at fixed times, whatever became of earlier ones.
 * `timed`: each order starts at its own time.
 */
export type Arrivals =
  | { readonly kind: 'in turn' }
  | { readonly kind: 'rate'; readonly perSecond: number }
  | { readonly kind: 'timed' }
