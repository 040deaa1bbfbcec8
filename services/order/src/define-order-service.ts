/** What an attendee writes: see exercises/. Runs once at start; `placeOrder` runs for every request. */
export function defineOrderService(factory: OrderServiceFactory): OrderServiceFactory {
  return factory
}

export type OrderServiceFactory = (dependencies: OrderServiceDependencies) => OrderService

export interface OrderService {
  placeOrder(request: OrderRequest, context: OrderContext): Promise<OrderReply>
  /**
   * One round of work in the background, as telling what is in the outbox; ends early when `signal` aborts. The next one
   * begins when a notification was committed, after a second at the latest, and sooner when this one resolved to false,
   * because something is left, or threw.
   */
  relay?(context: { signal: AbortSignal }): Promise<boolean>
  /** Inbound limits: wraps each `POST /orders`. Throwing rejects the request before any work. */
  admission?: AdmissionPolicy
}

/** Anything with `execute`, so any pipeline of the library. */
export interface AdmissionPolicy {
  execute<T>(work: (context: CallOptions) => Promise<T>, options?: CallOptions): Promise<T>
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

/** The context that a pipeline gives to its function fits, so `call => menu.item(id, call)` passes both on. */
export interface CallOptions {
  /** Aborting ends the call; it then throws the signal's reason. */
  signal?: AbortSignal | undefined
  /** When the caller stops waiting, in epoch milliseconds. Passed on to the callee in the deadline header. */
  deadline?: number | undefined
}

/** Aborting closes the statement's connection: what was not committed is rolled back. */
export type StatementOptions = Pick<CallOptions, 'signal'>

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

/**
 * Orders in PostgreSQL. Each call takes one connection of the pool, `transaction` one for all of its calls.
 * Without a connection, every method throws `DatabaseUnavailableError`; whether a statement that was on its way took
 * effect is then unknown.
 */
export interface OrderStore extends OrderWriter {
  /**
   * BEGIN, `work`, COMMIT; ROLLBACK when `work` throws. Calls that `work` makes without waiting for one another travel
   * together, in one round trip.
   */
  transaction<T>(work: (transaction: OrderWriter) => Promise<T>, options?: StatementOptions): Promise<T>
}

export interface OrderWriter {
  /** Saves the row as given. The key on it is a note, not a guard: see `claimIdempotencyKey`. */
  insertOrder(order: NewOrder, options?: StatementOptions): Promise<void>
  insertItems(orderId: string, items: OrderItem[], options?: StatementOptions): Promise<void>
  findOrder(orderId: string, options?: StatementOptions): Promise<NewOrder | undefined>
  /** The first order that carries this key, or undefined. */
  findByIdempotencyKey(key: string, options?: StatementOptions): Promise<NewOrder | undefined>
  /**
   * Makes the key this order's, or tells whose it is (a unique row; waits for a transaction that is just claiming it).
   * Belongs into the transaction that saves the order.
   */
  claimIdempotencyKey(claim: KeyClaim, options?: StatementOptions): Promise<KeyClaimResult>
  /** Whose the key is, without claiming it: the short way for a replay. */
  findIdempotencyClaim(key: string, options?: StatementOptions): Promise<KeyClaim | undefined>
  /** Outbox of orders that loyalty has not heard of yet. Telling of one, whenever, shows in the trace of its order. */
  enqueueNotification(notification: Notification, options?: StatementOptions): Promise<void>
  /** This customer's unsent notifications, oldest first, without locking them. */
  pendingNotifications(customerId: string, options?: StatementOptions): Promise<Notification[]>
  /**
   * Locks up to `limit` unsent notifications, oldest first, leaving out those that another transaction has locked
   * (FOR UPDATE SKIP LOCKED). Meaningful inside a transaction.
   */
  lockNotifications(limit: number, options?: StatementOptions): Promise<Notification[]>
  /**
   * Locks this customer's unsent notifications, waiting for whoever is just sending some of them (FOR UPDATE): what
   * was sent meanwhile is not among them. Meaningful inside a transaction.
   */
  lockNotificationsOf(customerId: string, options?: StatementOptions): Promise<Notification[]>
  markNotified(orderIds: string[], options?: StatementOptions): Promise<void>
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
