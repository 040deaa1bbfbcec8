import type { PlannedOrder } from '../batteries/planned-order.ts'
import type { Fault } from '../faults/fault.ts'
import type { ServiceName } from '../faults/outage-effect.ts'

/** All that a run found out: what the client was told, and what the services hold, read past the proxies. */
export interface Evidence extends Observations {
  readonly orders: readonly OrderOutcome[]
  readonly stored: readonly StoredOrder[]
  readonly loyalty: readonly LoyaltyEntry[]
}

/** What happened on the way, as the services and other guests saw it. Times in milliseconds since the start. */
export interface Observations {
  /** Requests of guests and of other services, in the order of their arrival. */
  readonly arrivals: Readonly<Record<ServiceName, readonly Arrival[]>>
  readonly reads: readonly Read[]
  readonly faults: readonly { readonly fault: Fault; readonly from: number; readonly to: number }[]
}

/**
 * What is known while a run goes on. All of it stays true and more may come, so that what can't be otherwise whatever
 * comes can be told at once. Times in milliseconds since the start.
 */
export interface EvidenceSoFar extends Pick<Evidence, 'orders' | 'stored' | 'arrivals' | 'reads'> {
  readonly now: number
  /** Every order of the battery; `orders` has those that have ended. */
  readonly planned: readonly PlannedOrder[]
  readonly underWay: readonly OrderUnderWay[]
  /** When the services were last asked what arrived: whatever came before is in `arrivals`. Negative: not yet. */
  readonly askedAt: number
  /** When the order book was last read; `stored` has the guests that were looked up. Negative: not yet. */
  readonly bookReadAt: number
  /** `to` is absent while it lasts. */
  readonly faults: readonly { readonly fault: Fault; readonly from: number; readonly to?: number }[]
}

/** An order whose guest waits. */
export type OrderUnderWay = Pick<OrderOutcome, 'planned' | 'customerId' | 'idempotencyKey' | 'traceId' | 'startedAt'>

/** A request that reached a service. */
export interface Arrival {
  readonly method: string
  readonly path: string
  readonly from: number
  /** Absent while the service works on it. */
  readonly to?: number
  /** Absent when the caller went away first. */
  readonly status?: number
  readonly traceId?: string
  /** For how many more milliseconds the caller said that it waits. */
  readonly deadline?: number
}

/** A look at the orders by a guest who places none. */
export interface Read {
  readonly at: number
  readonly ms: number
  readonly status?: number
}

/** An order as the client saw it. Times in milliseconds since the start of the battery. */
export interface OrderOutcome {
  readonly planned: PlannedOrder
  readonly customerId: string
  readonly idempotencyKey: string
  readonly traceId: string
  readonly startedAt: number
  readonly ms: number
  readonly attempts: readonly Attempt[]
  /** Absent when the client gave up. */
  readonly reply?: OrderReply
  /** Why the client gave up. */
  readonly gaveUp?: string
}

export interface Attempt {
  readonly number: number
  readonly startedAt: number
  readonly ms: number
  /** Status of the reply, or undefined when none came. */
  readonly status?: number
  /** In a word or two, where no success came: `lost`, `timed out`, `refused`. */
  readonly failure?: string
  /** What the reply's Retry-After asked for (ms). */
  readonly retryAfter?: number
}

export interface OrderReply {
  readonly orderId: string
  readonly amountInCents: number
  readonly discountPercentage: number
  readonly degraded: boolean
}

export interface StoredOrder extends OrderReply {
  readonly customerId: string
  readonly idempotencyKey: string | undefined
  readonly items: readonly { readonly id: string; readonly quantity: number }[]
}

export interface LoyaltyEntry {
  readonly customerId: string
  readonly orderId: string
  /** How often loyalty was told; it counts the order once whatever this is. */
  readonly recordings: number
}
