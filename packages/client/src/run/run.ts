import { randomUUID } from 'node:crypto'
import type { Stage } from '@chaos-kitchen/kitchen'
import { Agent } from 'undici'
import type { Battery, PlannedOrder } from '../batteries/index.ts'
import type { ServiceName } from '../faults/outage-effect.ts'
import { attribute } from '../invariants/attribution.ts'
import type { OrderOutcome } from '../invariants/index.ts'
import { type RunClock, startClock } from './clock.ts'
import type { Listener } from './events.ts'
import { followSchedule, type RunningSchedule } from './fault-schedule.ts'
import { faultStarter } from './fault-starter.ts'
import { type TraceFinder, traceFinder } from './find-traces.ts'
import { persistenceOf } from './persistence.ts'
import type { OrderIdentity, OrderWorld } from './place-order.ts'
import { type Reads, readEvery } from './reads.ts'
import { type Memory, rememberRun } from './remember.ts'
import { openRestaurant, type Restaurant } from './restaurant.ts'
import type { RunOptions } from './run-options.ts'
import { scheduleOf } from './schedule-of.ts'

/** What one run holds open, from its first order to its last check. */
export interface Run {
  readonly battery: Battery
  readonly clock: RunClock
  readonly faults: RunningSchedule
  readonly restaurant: Restaurant
  /** The services past the proxies. */
  readonly direct: Readonly<Record<ServiceName, string>>
  readonly reads: Reads | undefined
  readonly traces: TraceFinder
  readonly world: OrderWorld
  readonly listener: Listener
  /** Of all that the listener was told. */
  readonly memory: Memory
  readonly signal: AbortSignal
  /** Of the orders that have ended, by number. */
  readonly outcomes: OrderOutcome[]
  /** Ids that are fresh in every run: leftovers of another one can't be taken for this one's. */
  identityOf(order: number): OrderIdentity
  /** Lifts every fault and closes every connection. */
  close(): Promise<void>
}

export function openRun(stage: Stage, options: RunOptions): Run {
  const { battery, seed, tracer } = options
  const client = battery.client ?? options.client
  const signal = options.signal ?? new AbortController().signal
  const addresses = stage.addresses()
  const clock = startClock()
  const restaurant = openRestaurant(addresses.direct)
  const dispatcher = new Agent({ connections: 128, pipelining: 1 })
  const identities = identitiesFor(battery)
  const outcomes: OrderOutcome[] = []
  const memory = rememberRun((order) => ({ planned: plannedOrder(battery, order), ...identityOf(order) }))
  const listener: Listener = (event) => {
    memory.observe(event)
    options.listener?.(event)
  }
  const traces = traceFinder(addresses, (order, url) => listener({ type: 'trace found', at: clock.now(), order, url }))

  const identityOf = (order: number): OrderIdentity => {
    const identity = identities.get(order)
    if (identity === undefined) throw new RangeError(`${battery.name} has no order ${order}.`)
    return identity
  }
  const isSaved = async (order: number): Promise<boolean> => {
    const planned = battery.orders.find(({ number }) => number === order)
    if (planned === undefined) return false
    const pending = { planned, ...identityOf(order), traceId: '', startedAt: 0, ms: 0, attempts: [] }
    // A service that cannot be asked just now may be asked after the next attempt.
    const stored = await restaurant.ordersOf(pending.customerId, signal).catch(() => [])
    return (attribute([...outcomes, pending], stored).get(order)?.length ?? 0) > 0
  }
  const untilSaved = async (order: number, lifted: AbortSignal): Promise<void> => {
    try {
      await stage.untilSaved(identityOf(order).customerId, lifted)
    } catch (error) {
      if (!lifted.aborted) throw error
    }
  }
  const starter = faultStarter(stage, randomUUID().slice(0, 8))
  const faults = followSchedule(
    scheduleOf(battery, seed),
    { start: starter.start, clock, listener },
    { isSaved, untilSaved },
  )
  const liftAll = () => void faults.stop().catch(() => {})
  signal.addEventListener('abort', liftAll)

  const { attemptEnded } = faults
  const someone = `${addresses.order}/orders?customerId=${randomUUID()}`
  const reads = battery.readsEvery === undefined ? undefined : readEvery(battery.readsEvery, someone, dispatcher, clock)
  const persistence = persistenceOf(client)
  const world = { url: addresses.order, client, persistence, dispatcher, tracer, clock, listener, attemptEnded, signal }
  return {
    ...{ battery, clock, faults, restaurant, traces, world, listener, memory, signal, outcomes, identityOf, reads },
    direct: addresses.direct,
    async close() {
      signal.removeEventListener('abort', liftAll)
      traces.stop()
      try {
        await faults.stop()
      } finally {
        await reads?.stop()
        await starter.close()
        await Promise.all([dispatcher.destroy(), restaurant.close()])
      }
    },
  }
}

function plannedOrder({ name, orders }: Battery, order: number): PlannedOrder {
  const planned = orders.find(({ number }) => number === order)
  if (planned === undefined) throw new RangeError(`${name} has no order ${order}.`)
  return planned
}

function identitiesFor({ orders }: Battery): Map<number, OrderIdentity> {
  const customers = new Map(orders.map(({ customer }) => [customer, randomUUID() as string]))
  const keys = new Map(orders.map(({ number }) => [number, randomUUID() as string]))
  return new Map(
    orders.map(({ number, customer, keyOf = number }) => [
      number,
      {
        customerId: customers.get(customer) ?? randomUUID(),
        idempotencyKey: keys.get(keyOf) ?? randomUUID(),
      },
    ]),
  )
}
