import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type CallOptions,
  DownstreamError,
  defineOrderService,
  fromCents,
  hashRequest,
  IdempotencyConflictError,
  type KeyClaim,
  type NewOrder,
  type Notification,
  type OrderItem,
  type OrderReply,
  type OrderRequest,
  type OrderWriter,
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
 * hears of every order, and before the customer's next discount; what can't be done in time is turned away, not hung on.
 */
export default defineOrderService(({ menu, loyalty, orders }) => {
  // Outside in: no more than we can chew, an end for every order, then each dependency on its own.
  const admission = pipeline('admission', [bulkhead({ maxConcurrent: 50, maxQueued: 50, maxWait: 1_000 })])
  const wholeOrder = pipeline('order', [timeout(4_500)])

  const menuCalls = pipeline('menu', [
    again(),
    breaker(),
    bulkhead({ maxConcurrent: 40, maxQueued: 100 }),
    eachAttempt(),
  ])
  const loyaltyBreaker = breaker()
  const loyaltyCalls = pipeline('loyalty', [
    again(),
    loyaltyBreaker,
    bulkhead({ maxConcurrent: 20, maxQueued: 50 }),
    eachAttempt(),
  ])
  // The relay comes back by itself, so it needs no retry; it shares the breaker, because it calls the same service.
  const notifying = pipeline('notifying', [
    loyaltyBreaker,
    bulkhead({ maxConcurrent: 5, maxQueued: 20 }),
    eachAttempt(),
  ])
  // Safe to repeat, although a lost COMMIT may have worked: the claimed key makes the second one find the first.
  const database = pipeline('database', [again(), timeout(3_000)])

  async function priceOf({ id, quantity }: OrderRequest['items'][number], call: CallOptions): Promise<OrderItem> {
    try {
      const { priceInCents } = await menuCalls.execute((attempt) => menu.item(id, attempt), call)
      return { id, quantity, priceInCents }
    } catch (error) {
      if (error instanceof DownstreamError && error.status === 404) throw new UnknownItemError(id, { cause: error })
      throw error
    }
  }

  /** Right or not at all: the discount counts earlier orders, and the relay may not have told loyalty of them yet. */
  async function discountOf(customerId: string, unsent: Notification[], call: CallOptions): Promise<number> {
    if (unsent.length > 0) {
      // The lock waits for a relay that is just telling of the same orders, and then finds nothing left to tell.
      const failures = await orders.transaction(
        async (transaction) => tell(transaction, await transaction.lockNotificationsOf(customerId), loyaltyCalls, call),
        call,
      )
      if (failures.length > 0) throw failures[0]
    }
    return loyaltyCalls.execute((attempt) => loyalty.discount(customerId, attempt), call)
  }

  /** Marks after telling, never before: told twice is told once, but never told is lost. */
  async function tell(
    transaction: OrderWriter,
    notifications: Notification[],
    through: typeof notifying | typeof loyaltyCalls,
    call: CallOptions,
  ): Promise<unknown[]> {
    const told: string[] = []
    const failures: unknown[] = []
    const telling = notifications.map(async ({ customerId, orderId }) => {
      try {
        await through.execute((attempt) => loyalty.recordOrder(customerId, orderId, attempt), call)
        told.push(orderId)
      } catch (error) {
        failures.push(error)
      }
    })
    await Promise.all(telling)
    if (told.length > 0) await transaction.markNotified(told, call)
    return failures
  }

  /** Key, order, items and notification in one transaction. @returns whose the key is, when it is another order's */
  function save(order: NewOrder, items: OrderItem[], claim: KeyClaim, call: CallOptions) {
    return orders.transaction(async (transaction) => {
      const result = await transaction.claimIdempotencyKey(claim)
      if (!result.claimed) return result
      await Promise.all([
        transaction.insertOrder(order),
        transaction.insertItems(order.orderId, items),
        transaction.enqueueNotification(order),
      ])
      return undefined
    }, call)
  }

  /** What was answered to the first attempt with this key. */
  async function replay(claimed: Omit<KeyClaim, 'key'>, requestHash: string, call: CallOptions): Promise<OrderReply> {
    if (claimed.requestHash !== requestHash) throw new IdempotencyConflictError()
    const order = await database.execute((attempt) => orders.findOrder(claimed.orderId, attempt), call)
    if (!order) throw new Error(`The order ${claimed.orderId} has a key but was never saved.`)
    return toReply(order)
  }

  async function place(request: OrderRequest, idempotencyKey: string | undefined, call: CallOptions) {
    const { customerId } = request
    const orderId = randomUUID()
    const claim: KeyClaim = { key: idempotencyKey ?? orderId, orderId, requestHash: hashRequest(request) }
    const [earlier, unsent] = await Promise.all([
      database.execute((attempt) => orders.findIdempotencyClaim(claim.key, attempt), call),
      database.execute((attempt) => orders.pendingNotifications(customerId, attempt), call),
    ])
    if (earlier) return replay(earlier, claim.requestHash, call)

    const [items, discountPercentage] = await Promise.all([
      Promise.all(request.items.map((item) => priceOf(item, call))),
      discountOf(customerId, unsent, call),
    ])
    const amountInCents = totalInCents(items, discountPercentage)
    const order: NewOrder = { orderId, customerId, amountInCents, discountPercentage }
    if (idempotencyKey !== undefined) order.idempotencyKey = idempotencyKey
    const winner = await database.execute((attempt) => save(order, items, claim, attempt), call)
    return winner ? replay(winner, claim.requestHash, call) : toReply(order)
  }

  return {
    admission,
    placeOrder: (request, { idempotencyKey, signal, deadline }) =>
      wholeOrder.execute((call) => place(request, idempotencyKey, call), { signal, deadline }),

    async relay({ signal }) {
      while (!signal.aborted) {
        const { found, failures } = await orders.transaction(
          async (transaction) => {
            const unsent = await transaction.lockNotifications(20)
            return { found: unsent.length, failures: await tell(transaction, unsent, notifying, { signal }) }
          },
          { signal },
        )
        if (failures.length > 0) await sleep(250, undefined, { signal })
        else if (found === 0) await orders.waitForNotifications(1_000, { signal })
      }
    },
  }
})

const again = () =>
  retry({
    maxAttempts: 3,
    backoff: exponential({ initial: 50, max: 500 }),
    budget: retryBudget(),
    handleError: isTransient,
  })

const breaker = () =>
  circuitBreaker({ failureRate: 0.5, window: 5_000, minimumCalls: 10, openFor: 1_000, handleError: isTransient })

const eachAttempt = () => timeout(1_500)

function toReply({ orderId, amountInCents, discountPercentage }: NewOrder): OrderReply {
  return { orderId, amount: fromCents(amountInCents), discountPercentage }
}
