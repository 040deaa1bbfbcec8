import { randomUUID } from 'node:crypto'
import type {
  CallOptions,
  KeyClaim,
  NewOrder,
  Notification,
  OrderItem,
  OrderRequest,
  OrderWriter,
} from '@chaos-kitchen/order-service'
import {
  DownstreamError,
  defineOrderService,
  hashRequest,
  IdempotencyConflictError,
  toReply,
  totalInCents,
  UnknownItemError,
} from '@chaos-kitchen/order-service'
import {
  bulkhead,
  circuitBreaker,
  exponential,
  isTransient,
  pipeline,
  retry,
  retryBudget,
  timeout,
} from '@chaos-kitchen/resilience'

/**
 * Everything of the ladder together. An order is saved once, whatever gets lost and however often it is sent; loyalty
 * hears of each, and always before the customer's next discount; what can't be done in time is turned away.
 */
export default defineOrderService(({ menu, loyalty, orders }) => {
  // From the outside in: no more than we can chew, an end for every order, then each dependency on its own.
  const admission = pipeline('admission', [bulkhead({ maxConcurrent: 50, maxQueued: 50, maxWait: 1_000 })])
  const wholeOrder = pipeline('order', [timeout(4_500)])
  const menuCalls = pipeline('menu', guarded({ maxConcurrent: 25, maxQueued: 100 }))
  const loyaltyCalls = pipeline('loyalty', guarded({ maxConcurrent: 20, maxQueued: 50 }))
  // A COMMIT whose answer is lost may have worked. Repeating it is safe: the second one finds the key of the first.
  const database = pipeline('database', [again(), timeout(3_000)])

  async function priceOf({ id, quantity }: Omit<OrderItem, 'priceInCents'>, call: CallOptions): Promise<OrderItem> {
    try {
      const { priceInCents } = await menuCalls.execute((attempt) => menu.item(id, attempt), call)
      return { id, quantity, priceInCents }
    } catch (error) {
      if (error instanceof DownstreamError && error.status === 404) throw new UnknownItemError(id, { cause: error })
      throw error
    }
  }

  /** Right or not at all: it counts earlier orders, and the relay may not have told loyalty of all of them yet. */
  async function discountOf(customerId: string, unsent: Notification[], call: CallOptions): Promise<number> {
    if (unsent.length > 0) {
      // Locking waits for a relay that is just telling of them, and then finds nothing left to tell.
      const failure = await orders.transaction(
        async (transaction) => tell(transaction, await transaction.lockNotificationsOf(customerId), call),
        call,
      )
      if (failure) throw failure
    }
    return loyaltyCalls.execute((attempt) => loyalty.discount(customerId, attempt), call)
  }

  /** Marks after telling, never before: told twice counts once, but never told is lost. @returns the first failure */
  async function tell(transaction: OrderWriter, unsent: Notification[], call: CallOptions): Promise<unknown> {
    const outcomes = await Promise.allSettled(
      unsent.map(({ customerId, orderId }) =>
        loyaltyCalls.execute((attempt) => loyalty.recordOrder(customerId, orderId, attempt), call),
      ),
    )
    const told = unsent.filter((_, index) => outcomes[index]?.status === 'fulfilled')
    if (told.length > 0) await transaction.markNotified(told.map(({ orderId }) => orderId))
    return outcomes.find((outcome) => outcome.status === 'rejected')?.reason
  }

  /** Key, order, items and notification: all or nothing. @returns whose the key is, when it was claimed before */
  function save(order: NewOrder, items: OrderItem[], claim: KeyClaim, call: CallOptions) {
    return orders.transaction(async (transaction) => {
      const result = await transaction.claimIdempotencyKey(claim)
      if (!result.claimed) return result
      const saved = [transaction.insertOrder(order), transaction.insertItems(order.orderId, items)]
      await Promise.all([...saved, transaction.enqueueNotification(order)])
      return undefined
    }, call)
  }

  /** What was answered to the first attempt with this key. */
  async function replay(earlier: Omit<KeyClaim, 'key'>, requestHash: string, call: CallOptions) {
    if (earlier.requestHash !== requestHash) throw new IdempotencyConflictError()
    const order = await database.execute((attempt) => orders.findOrder(earlier.orderId, attempt), call)
    if (!order) throw new Error(`The order ${earlier.orderId} has a key but was never saved.`)
    return toReply(order)
  }

  async function place(request: OrderRequest, idempotencyKey: string | undefined, call: CallOptions) {
    const { customerId } = request
    const orderId = randomUUID()
    const requestHash = hashRequest(request)
    // An order without a key is its own.
    const key = idempotencyKey ?? orderId
    const [earlier, unsent] = await Promise.all([
      database.execute((attempt) => orders.findIdempotencyClaim(key, attempt), call),
      database.execute((attempt) => orders.pendingNotifications(customerId, attempt), call),
    ])
    if (earlier) return replay(earlier, requestHash, call)

    const [items, discountPercentage] = await Promise.all([
      Promise.all(request.items.map((item) => priceOf(item, call))),
      discountOf(customerId, unsent, call),
    ])
    const amountInCents = totalInCents(items, discountPercentage)
    const order = { orderId, customerId, amountInCents, discountPercentage, idempotencyKey: key }
    const claim = { key, orderId, requestHash }
    const holder = await database.execute((attempt) => save(order, items, claim, attempt), call)
    return holder ? replay(holder, requestHash, call) : toReply(order)
  }

  return {
    admission,
    placeOrder: (request, { idempotencyKey, signal, deadline }) =>
      wholeOrder.execute((call) => place(request, idempotencyKey, call), { signal, deadline }),

    async relay({ signal }) {
      const failure = await orders.transaction(
        async (transaction) => tell(transaction, await transaction.lockNotifications(50), { signal }),
        { signal },
      )
      return failure === undefined
    },
  }
})

/** For calls over the network: few retries, on a budget; none into an open circuit; a place and an end for each. */
function guarded(limits: { maxConcurrent: number; maxQueued: number }) {
  const breaker = circuitBreaker({ window: 5_000, minimumCalls: 10, openFor: 1_000, handleError: isTransient })
  return [again(), breaker, bulkhead(limits), timeout(1_500)]
}

function again() {
  const backoff = exponential({ initial: 50, max: 500 })
  return retry({ maxAttempts: 3, backoff, budget: retryBudget(), handleError: isTransient })
}
