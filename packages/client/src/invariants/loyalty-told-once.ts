import { mustBePlaced } from '../batteries/planned-order.ts'
import { attribute } from './attribution.ts'
import type { Arrival, Evidence, OrderOutcome } from './evidence.ts'
import type { Finding, Invariant } from './invariant.ts'
import { settledWhen } from './so-far.ts'
import { capitalize, inWords, orderList } from './words.ts'

/**
 * Loyalty counts each placed order once: none missing, none counted under two order ids. Being told again of the same
 * order id counts once, as it should. Telling may happen in the background, so it gets ten seconds.
 */
export const loyaltyToldOnce: Invariant = {
  name: 'loyalty told once of each',
  patience: 10_000,
  check(evidence) {
    const { placed, missing, twice } = count(evidence)
    const once = placed.length - missing.length - twice.length
    const extra = twice.length > 0 ? `, ${inWords(twice.length)} twice` : ''
    return {
      passed: missing.length + twice.length === 0,
      measured: once,
      limit: placed.length,
      unit: 'orders',
      shown: `${placed.length - missing.length} of ${placed.length}${extra}`,
      final: twice.length > 0,
      ...explain(missing, twice),
    }
  },
  /** Settles at the end alone, when loyalty has had time: until then, whom it was seen to be told of. */
  early({ orders, planned, arrivals }) {
    const told = new Set(arrivals.loyalty.flatMap((call) => (isTelling(call) ? [call.path.split('/').at(-1)] : [])))
    const placed = orders.flatMap(({ reply }) => (reply === undefined ? [] : [reply.orderId]))
    const limit = planned.filter(mustBePlaced).length
    const measured = placed.filter((id) => told.has(id)).length
    return settledWhen(false, {
      passed: false,
      measured,
      limit,
      unit: 'orders',
      shown: `${measured} of ${placed.length}`,
    })
  },
  reads: ['arrivals'],
}

function isTelling({ method, status = 0 }: Arrival): boolean {
  return method === 'PUT' && status >= 200 && status < 300
}

function count({ orders, stored, loyalty }: Evidence) {
  const copies = attribute(orders, stored)
  const counted = ({ planned, customerId, reply }: OrderOutcome): number => {
    const ids = new Set((copies.get(planned.number) ?? []).map(({ orderId }) => orderId))
    if (reply !== undefined) ids.add(reply.orderId)
    return loyalty.filter((entry) => entry.customerId === customerId && ids.has(entry.orderId)).length
  }
  const placed = orders.filter(({ reply }) => reply !== undefined)
  return {
    placed,
    missing: placed.filter((order) => counted(order) === 0),
    twice: placed.filter((order) => counted(order) > 1),
  }
}

function explain(missing: OrderOutcome[], twice: OrderOutcome[]): Pick<Finding, 'why' | 'order' | 'exercise'> {
  const numbers = (orders: OrderOutcome[]) => capitalize(orderList(orders.map(({ planned }) => planned.number)))
  if (twice[0] !== undefined)
    return {
      order: twice[0].planned.number,
      exercise: '06',
      why: `${numbers(twice)} ${twice.length === 1 ? 'counts' : 'count'} more than once, so the next discount is too high: each copy of a doubled order was told to loyalty.`,
    }
  if (missing[0] !== undefined)
    return {
      order: missing[0].planned.number,
      exercise: '11',
      why: `Loyalty never heard of ${orderList(missing.map(({ planned }) => planned.number))}: it could not be reached just then, or who would have told it ended, and nobody told it later. An outbox remembers what is still to be told.`,
    }
  return {}
}
