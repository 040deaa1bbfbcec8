import { seededRandom } from '@chaos-kitchen/disruptor'
import fc from 'fast-check'
import type { Battery, PlannedOrder } from '../../src/batteries/index.ts'
import type { Arrival, Evidence, EvidenceSoFar, OrderOutcome, StoredOrder } from '../../src/invariants/index.ts'

/** A run as it may have been, with the time at which each order was saved. */
export interface GeneratedRun {
  readonly battery: Battery
  readonly evidence: Evidence
  readonly saved: readonly { readonly at: number; readonly order: StoredOrder }[]
}

type Choose = fc.GeneratorValue

/** Any run of a battery that time allows: good, bad and absurd services alike. */
export function runsOf(battery: Battery): fc.Arbitrary<GeneratedRun> {
  return fc.gen().map((choose) => {
    const often = (share: number) => choose(fc.integer, { min: 1, max: 100 }) <= share
    const upTo = (max: number) => choose(fc.integer, { min: 0, max })
    // A service has a character: most of what it does, it does alike.
    const perfect = often(30)
    const [fails, wrong, doubled, lingers] = perfect ? [0, 0, 0, 0] : [upTo(60), upTo(30), upTo(20), upTo(40)]
    const slow = choose(fc.constantFrom, 100, 900, 4_000)
    const times = startsOf(battery, () => upTo(slow))
    const orders = battery.orders.map((planned, index): OrderOutcome => {
      const { startedAt, ms } = times[index]!
      const common = { planned, startedAt, ms, ...identityOf(planned) }
      const expectsReply = (planned.expect ?? 'placed') === 'placed' ? !often(fails) : often(50)
      if (!expectsReply) {
        const status = choose(fc.constantFrom, 422, 503, 503, 500, undefined)
        const told = { ...(status !== undefined && { status }), ...(often(70) && { retryAfter: 1_000 }) }
        return { ...common, attempts: [{ number: 1, startedAt, ms, ...told }], gaveUp: 'failed' }
      }
      const orderId = often(wrong) ? `own-${planned.number}` : `of-${common.idempotencyKey}`
      const { amountInCents, discountPercentage } = planned
      const reply = {
        ...{ orderId, discountPercentage, amountInCents: often(wrong) ? amountInCents + 1 : amountInCents },
        degraded: often(wrong) ? often(50) : (planned.degraded ?? false),
      }
      return { ...common, attempts: [{ number: 1, startedAt, ms, status: 201 }], reply }
    })
    const faults = battery.schedule(seededRandom(1)).map((fault) => {
      const first = 'order' in fault.from ? fault.from.order : 1
      const from = (times[first - 1]?.startedAt ?? 0) + upTo(10)
      return { fault, from, to: from + 1 + upTo(4_000) }
    })
    const callsTo = (count: number, share: number) =>
      orders.flatMap((order) => [
        ...callsFor(order, often(share) ? upTo(count) : 1, { often, upTo, choose, lingers, slow }),
        ...faults.flatMap(({ to }) => (often(80) ? callsAfter(order, to, upTo) : [])),
      ])
    const byArrival = (calls: Arrival[]) => calls.sort((a, b) => a.from - b.from)
    const saved = orders.flatMap((order) => savesOf(order, { often, upTo, doubled, wrong }))
    const reads = Array.from({ length: 20 }, () => ({
      ...{ at: upTo(8_000), ms: upTo(900) },
      ...(often(90) && { status: 200 }),
    }))
    const evidence: Evidence = {
      orders,
      stored: saved.map(({ order }) => order),
      loyalty: [],
      arrivals: { order: [], menu: byArrival(callsTo(4, 50)), loyalty: byArrival(callsTo(3, 20)) },
      reads: reads.sort((a, b) => a.at - b.at),
      faults: faults.sort((a, b) => a.from - b.from),
    }
    return { battery, evidence, saved }
  })
}

function identityOf({ number, customer, keyOf = number }: PlannedOrder) {
  return { customerId: customer, idempotencyKey: `key-${keyOf}`, traceId: `trace-${number}` }
}

/** One after the other, together or at their times, as the battery has it. */
function startsOf({ orders, arrivals }: Battery, duration: () => number): { startedAt: number; ms: number }[] {
  let turn = 0
  let end = 0
  return orders.map(({ number, together, at = 0 }) => {
    if (!together) turn = end + 1
    const startedAt = arrivals.kind === 'in turn' ? turn + at : arrivals.kind === 'timed' ? at : number * 50
    const ms = 1 + duration()
    end = Math.max(end, startedAt + ms)
    return { startedAt, ms }
  })
}

interface Chances {
  often(share: number): boolean
  upTo(max: number): number
}

function callsFor(
  { planned, traceId, startedAt, ms }: OrderOutcome,
  count: number,
  { often, upTo, choose, lingers, slow }: Chances & { choose: Choose; lingers: number; slow: number },
): Arrival[] {
  return Array.from({ length: count }, () => {
    const from = startedAt + (often(lingers) ? ms + upTo(1_000) : upTo(ms))
    const to = from + 1 + (often(lingers) ? upTo(slow) : Math.min(upTo(slow), startedAt + ms))
    const status = choose(fc.constantFrom, 200, 503)
    const path = `/items/${planned.items[upTo(planned.items.length - 1)]!.id}`
    const call = { method: 'GET', path, from, traceId, ...(often(60) && { deadline: 200 + upTo(3_000) }) }
    return often(95) ? { ...call, to, ...(often(95) && { status }) } : call
  })
}

/** Who waits when a fault is over is asked for again. */
function callsAfter({ traceId, startedAt, ms }: OrderOutcome, over: number, upTo: Chances['upTo']): Arrival[] {
  if (startedAt >= over || startedAt + ms <= over) return []
  const from = over + upTo(startedAt + ms - over)
  return [{ method: 'GET', path: '/items/coke', from, to: from + 1, status: 200, traceId }]
}

/** None, one or more rows, while the order is under way or behind the guest's back. */
function savesOf(
  order: OrderOutcome,
  { often, upTo, doubled, wrong }: Chances & { doubled: number; wrong: number },
): { at: number; order: StoredOrder }[] {
  const { planned, customerId, idempotencyKey, startedAt, ms, reply } = order
  const { amountInCents, discountPercentage } = planned
  const row = (orderId: string): StoredOrder => ({
    ...{ orderId, customerId, amountInCents: often(wrong) ? 1 : amountInCents, discountPercentage },
    ...{ idempotencyKey: often(50) ? idempotencyKey : undefined, degraded: reply?.degraded ?? false },
    items: often(wrong) ? [] : planned.items,
  })
  const during = () => startedAt + upTo(ms)
  // A replay saves nothing: whoever had the key first did.
  const mine = planned.keyOf === undefined
  const first = reply === undefined ? (often(20) ? row(`lost-${planned.number}`) : undefined) : row(reply.orderId)
  return [
    ...(first !== undefined && mine ? [{ at: during(), order: first }] : []),
    ...(often(doubled) ? [{ at: during() + (often(50) ? upTo(800) : 0), order: row(`copy-${planned.number}`) }] : []),
  ]
}

const GUESTS = 8

/** What was known of a run at a time: the services are asked every 250 ms, the book while nobody waits. */
export function soFarAt({ battery, evidence, saved }: GeneratedRun, now: number): EvidenceSoFar {
  const waitsAt = (time: number) =>
    evidence.orders.filter(({ startedAt, ms }) => startedAt <= time && startedAt + ms > time)
  const endedAt = (time: number) => evidence.orders.filter(({ startedAt, ms }) => startedAt + ms <= time)
  const askedAt = Math.floor(now / 250) * 250
  const known = (calls: readonly Arrival[]) =>
    calls.flatMap(({ to, status, ...call }): Arrival[] => {
      if (call.from > askedAt) return []
      return [to === undefined || to > askedAt ? call : { ...call, to, ...(status !== undefined && { status }) }]
    })
  const quiet = (time: number) =>
    battery.arrivals.kind === 'in turn' && waitsAt(time).length === 0 && endedAt(time).length > 0
  let bookReadAt = askedAt
  while (bookReadAt >= 0 && !quiet(bookReadAt)) bookReadAt -= 250
  const guests = new Set([...new Set(endedAt(bookReadAt).map(({ customerId }) => customerId))].slice(-GUESTS))
  return {
    now,
    planned: battery.orders,
    orders: endedAt(now),
    underWay: waitsAt(now).map(({ ms: _, attempts: __, reply: ___, gaveUp: ____, ...order }) => order),
    askedAt,
    arrivals: { order: [], menu: known(evidence.arrivals.menu), loyalty: known(evidence.arrivals.loyalty) },
    bookReadAt: Math.max(-1, bookReadAt),
    stored: saved.flatMap(({ at, order }) => (at <= bookReadAt && guests.has(order.customerId) ? [order] : [])),
    reads: evidence.reads.filter(({ at, ms }) => at + ms <= now),
    faults: evidence.faults.flatMap(({ to, ...fault }) =>
      fault.from > now ? [] : [to > now ? fault : { ...fault, to }],
    ),
  }
}
