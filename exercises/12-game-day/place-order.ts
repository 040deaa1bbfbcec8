import { randomUUID } from 'node:crypto'
import type { CallOptions, KeyClaim, NewOrder, OrderItem, OrderWriter } from '@chaos-kitchen/order-service'
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
  fallback,
  isTransient,
  pipeline,
  retry,
  retryBudget,
  timeout,
} from '@chaos-kitchen/resilience'

/** Ready for everything, but for what happens at the same time. */
export default defineOrderService(({ menu, loyalty, orders }) => {
  // TODO: the house has grown: fifty at the door, fifty more for a second, and twenty-five cooks at the menu.
  const admission = pipeline('admission', [bulkhead({ maxConcurrent: 20 })])
  const menuCalls = pipeline('menu', guarded({ maxConcurrent: 5, maxQueued: 15 }))
  const loyaltyCalls = pipeline('loyalty', guarded({ maxConcurrent: 10, maxQueued: 20 }))
  const discounts = pipeline('discount', [fallback(() => ({ discountPercentage: 0, degraded: true }))])

  async function priced({ id, quantity }: Omit<OrderItem, 'priceInCents'>, guest: CallOptions): Promise<OrderItem> {
    try {
      const { priceInCents } = await menuCalls.execute((call) => menu.item(id, call), guest)
      return { id, quantity, priceInCents }
    } catch (error) {
      if (error instanceof DownstreamError && error.status === 404) throw new UnknownItemError(id, { cause: error })
      throw error
    }
  }

  // TODO: the owner wants the right discount or no order now. And is it right while loyalty has not heard of everything?
  function discountOf(customerId: string, guest: CallOptions) {
    return discounts.execute(async (order) => {
      const discountPercentage = await loyaltyCalls.execute((call) => loyalty.discount(customerId, call), order)
      return { discountPercentage, degraded: false }
    }, guest)
  }

  /** Key, order, items and notification, or nothing. @returns whose the key is, when another order has it */
  // TODO: is a database that restarts worth a second attempt, and is it safe?
  function save(order: NewOrder, items: OrderItem[], claim: KeyClaim, guest: CallOptions) {
    return orders.transaction(async (transaction) => {
      const result = await transaction.claimIdempotencyKey(claim)
      if (!result.claimed) return result
      const saved = [transaction.insertOrder(order), transaction.insertItems(order.orderId, items)]
      await Promise.all([...saved, transaction.enqueueNotification(order)])
      return undefined
    }, guest)
  }

  /** What the first attempt with this key was told. */
  async function replay(first: Omit<KeyClaim, 'key'>, claim: KeyClaim, guest: CallOptions) {
    if (first.requestHash !== claim.requestHash) throw new IdempotencyConflictError()
    const order = await orders.findOrder(first.orderId, guest)
    if (!order) throw new Error(`The order ${first.orderId} has a key but was never saved.`)
    return toReply(order)
  }

  /** Marks after telling, never before: told twice counts once, never told is lost. @returns whether all were told */
  async function tell(transaction: OrderWriter, signal: AbortSignal): Promise<boolean> {
    const unsent = await transaction.lockNotifications(20)
    const outcomes = await Promise.allSettled(
      unsent.map(({ customerId, orderId }) =>
        loyaltyCalls.execute((call) => loyalty.recordOrder(customerId, orderId, call), { signal }),
      ),
    )
    const told = unsent.filter((_, index) => outcomes[index]?.status === 'fulfilled')
    if (told.length > 0) await transaction.markNotified(told.map(({ orderId }) => orderId))
    return told.length === unsent.length
  }

  return {
    admission,
    async placeOrder(request, { idempotencyKey, signal, deadline = Date.now() + PATIENCE }) {
      const { customerId } = request
      const guest = { signal, deadline: deadline - TO_ANSWER }
      const orderId = randomUUID()
      const claim = { key: idempotencyKey ?? orderId, orderId, requestHash: hashRequest(request) }
      const earlier = await orders.findIdempotencyClaim(claim.key, guest)
      if (earlier) return replay(earlier, claim, guest)

      const [items, discount] = await Promise.all([
        Promise.all(request.items.map((item) => priced(item, guest))),
        discountOf(customerId, guest),
      ])
      const amountInCents = totalInCents(items, discount.discountPercentage)
      const order: NewOrder = { orderId, customerId, amountInCents, ...discount, idempotencyKey: claim.key }
      const winner = await save(order, items, claim, guest)
      return winner ? replay(winner, claim, guest) : toReply(order)
    },

    relay: ({ signal }) => orders.transaction((transaction) => tell(transaction, signal), { signal }),
  }
})

/** For calls over the network: few retries, on a budget; none into an open circuit; a place and an end for each. */
function guarded(limits: { maxConcurrent: number; maxQueued: number }) {
  const backoff = exponential({ initial: 50, max: 500 })
  return [
    retry({ maxAttempts: 3, backoff, budget: retryBudget(), handleError: isTransient }),
    circuitBreaker({ window: 5_000, minimumCalls: 10, openFor: 1_000, handleError: isTransient }),
    bulkhead(limits),
    timeout(1_500),
  ]
}

/** In milliseconds: what a guest who doesn't say is believed to wait, and what it takes to save the order and answer. */
const PATIENCE = 5_000
const TO_ANSWER = 300
