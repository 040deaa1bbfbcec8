/** What an attendee writes: see exercises/. Runs once at start; `placeOrder` runs for every request. */
export function defineOrderService(factory: OrderServiceFactory): OrderServiceFactory {
  return factory
}

export type OrderServiceFactory = (dependencies: OrderServiceDependencies) => OrderService

export interface OrderService {
  placeOrder(request: OrderRequest, context: OrderContext): Promise<OrderReply>
  /** Work in the background from start to stop: the outbox relay. Ends when `signal` aborts. */
  relay?(context: { signal: AbortSignal }): Promise<void>
  /** Inbound limits: wraps each `POST /orders`. Throwing rejects the request before any work. */
  admission?: AdmissionPolicy
}

/** Anything with `execute`, so any pipeline of the library. */
export interface AdmissionPolicy {
  execute<T>(work: (context: { signal: AbortSignal }) => Promise<T>): Promise<T>
}

export interface OrderContext {
  /** Aborts when the caller goes away or its deadline passes. */
  signal: AbortSignal
  /** The Idempotency-Key header, where the caller sent one. */
  idempotencyKey: string | undefined
  /** When the caller stops waiting, in epoch milliseconds; from the deadline header, where sent. */
  deadline: number | undefined
}

export interface OrderRequest {
  customerId: string
  items: { id: string; quantity: number }[]
}

export interface OrderReply {
  orderId: string
  /** Two decimals outside, as 25.00; integer cents inside. */
  amount: number
  discountPercentage: number
  /** True when the order was taken without everything it should have had; see exercise 09. */
  degraded?: boolean
}

export interface OrderServiceDependencies {
  menu: MenuClient
  loyalty: LoyaltyClient
  orders: OrderStore
}

export interface CallOptions {
  signal?: AbortSignal
  deadline?: number
}

export interface MenuClient {
  /** @throws DownstreamError with the status of the reply; a 404 means that no such item exists. */
  item(id: string, options?: CallOptions): Promise<{ id: string; name: string; priceInCents: number }>
}

export interface LoyaltyClient {
  discount(customerId: string, options?: CallOptions): Promise<number>
  /** Idempotent by order id: telling it twice counts once. */
  recordOrder(customerId: string, orderId: string, options?: CallOptions): Promise<void>
}

export interface NewOrder {
  orderId: string
  customerId: string
  amountInCents: number
  discountPercentage: number
  degraded?: boolean
  idempotencyKey?: string
}

export interface OrderItem {
  id: string
  quantity: number
  priceInCents: number
}

/** Each call takes one connection of the pool, `transaction` one for all of its calls. */
export interface OrderStore extends OrderWriter {
  /** BEGIN, `work`, COMMIT; ROLLBACK when `work` throws. */
  transaction<T>(work: (transaction: OrderWriter) => Promise<T>, options?: CallOptions): Promise<T>
}

export interface OrderWriter {
  /** Saves the row as given. The key on it is a note, not a guard: see `claimIdempotencyKey`. */
  insertOrder(order: NewOrder, options?: CallOptions): Promise<void>
  insertItems(orderId: string, items: OrderItem[], options?: CallOptions): Promise<void>
  findOrder(orderId: string, options?: CallOptions): Promise<NewOrder | undefined>
  /** The first order that carries this key, or undefined. */
  findByIdempotencyKey(key: string, options?: CallOptions): Promise<NewOrder | undefined>
  /**
   * Makes the key this order's, or tells whose it is (a unique row; waits for a transaction that is just claiming it).
   * Belongs into the transaction that saves the order.
   */
  claimIdempotencyKey(claim: KeyClaim, options?: CallOptions): Promise<KeyClaimResult>
  /** Outbox of orders that loyalty has not heard of yet. */
  enqueueNotification(notification: Notification, options?: CallOptions): Promise<void>
  /** Locks up to `limit` unsent notifications (FOR UPDATE SKIP LOCKED); meaningful inside a transaction. */
  lockNotifications(limit: number, options?: CallOptions): Promise<Notification[]>
  markNotified(orderIds: string[], options?: CallOptions): Promise<void>
}

export interface Notification {
  orderId: string
  customerId: string
}

export interface KeyClaim {
  key: string
  orderId: string
  /** What was asked, to tell a replay from another order under the same key. */
  requestHash: string
}

export type KeyClaimResult = { claimed: true } | { claimed: false; orderId: string; requestHash: string }
