import { attribute } from './attribution.ts'
import type { OrderOutcome, StoredOrder } from './evidence.ts'
import type { Finding, Invariant } from './invariant.ts'
import { notYet, settledWhen, startedOrders } from './so-far.ts'
import { capitalize, inWords, orderList } from './words.ts'

/** However often the client asked with a key, the kitchen cooks once. */
export const oneOrderPerKey: Invariant = {
  name: 'one order per key',
  check: ({ orders, stored }) => findDoubled(orders, stored),
  /** Passes at the end alone: a copy may be saved late. */
  early(soFar) {
    if (soFar.bookReadAt < 0) return notYet()
    const finding = findDoubled(startedOrders(soFar), soFar.stored)
    return settledWhen(!finding.passed, finding)
  },
  reads: ['book'],
}

function findDoubled(orders: readonly OrderOutcome[], stored: readonly StoredOrder[]): Finding {
  const byOrder = attribute(orders, stored)
  const copiesOf = ({ planned }: OrderOutcome) => byOrder.get(planned.number)?.length ?? 0
  const doubled = orders.filter((order) => copiesOf(order) > 1)
  // An order that nobody saved is missed elsewhere; it must not make room for a copy here.
  const limit = orders.filter((order) => copiesOf(order) > 0).length
  const first = doubled[0]
  return {
    passed: doubled.length === 0,
    measured: stored.length,
    limit,
    unit: 'orders',
    shown: `${stored.length} order${stored.length === 1 ? '' : 's'}`,
    shownLimit: `limit ${limit}`,
    final: true,
    ...(first && {
      order: first.planned.number,
      exercise: '06',
      why: `${capitalize(orderList(doubled.map(({ planned }) => planned.number)))} ${doubled.length === 1 ? 'was' : 'were'} cooked ${doubled.length === 1 ? times(copiesOf(first)) : 'more than once'}: saved, then the reply was lost, and the retry saved again. An idempotency key makes a retry safe.`,
    }),
  }
}

function times(count: number): string {
  return count === 2 ? 'twice' : `${inWords(count)} times`
}
