import type { PlannedOrder } from '../batteries/planned-order.ts'

/** All that a run found out: what the client was told, and what the services hold, read past the proxies. */
export interface Evidence {
  readonly orders: readonly OrderOutcome[]
  readonly stored: readonly StoredOrder[]
  readonly loyalty: readonly LoyaltyEntry[]
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
