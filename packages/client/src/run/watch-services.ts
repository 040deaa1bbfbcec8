import type { EvidenceSoFar } from '../invariants/index.ts'
import { mapBounded } from './map-bounded.ts'
import { arrivalsAt } from './observe.ts'
import { pause } from './pause.ts'
import type { Run } from './run.ts'

const ASK_EVERY = 250
/** The order service answers for the book itself: so many guests at most are looked up at a time. */
const GUESTS = 8

type Seen = Pick<EvidenceSoFar, 'arrivals' | 'askedAt' | 'stored' | 'bookReadAt'>

/**
 * Reads during a run what open checks need of the services, past the proxies: which requests arrived at menu and loyalty,
 * from their memory; and between two turns, while nobody waits for the order service, its book. Whoever does not answer
 * just now is asked again the next time.
 *
 * @param isNeeded whether a check that is still open wants it
 */
export function watchServices(
  run: Run,
  isNeeded: (what: 'arrivals' | 'book') => boolean,
  stopped: AbortSignal,
): { readonly seen: Seen; settled(): Promise<void> } {
  const { clock, direct, memory, restaurant } = run
  let seen: Seen = { arrivals: { order: [], menu: [], loyalty: [] }, askedAt: -1, stored: [], bookReadAt: -1 }
  const watching = watch()

  async function watch(): Promise<void> {
    while (!stopped.aborted) {
      if (isNeeded('arrivals')) await ask().catch(() => undefined)
      if (isNeeded('book')) await readBook().catch(() => undefined)
      await pause(ASK_EVERY, stopped)
    }
  }

  async function ask(): Promise<void> {
    const askedAt = clock.now()
    const [menu, loyalty] = await Promise.all([arrivalsAt(direct.menu, clock), arrivalsAt(direct.loyalty, clock)])
    seen = { ...seen, askedAt, arrivals: { order: [], menu, loyalty } }
  }

  async function readBook(): Promise<void> {
    const bookReadAt = clock.now()
    const { orders, underWay } = memory.recall()
    if (run.battery.arrivals.kind !== 'in turn' || underWay.length > 0 || orders.length === 0) return
    const guests = [...new Set(orders.map(({ customerId }) => customerId))].slice(-GUESTS)
    const stored = await mapBounded(guests, (guest) => restaurant.ordersOf(guest, stopped))
    seen = { ...seen, bookReadAt, stored: stored.flat() }
  }

  return {
    get seen() {
      return seen
    },
    settled: () => watching,
  }
}
