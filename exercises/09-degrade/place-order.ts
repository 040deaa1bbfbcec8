import { randomUUID } from 'node:crypto'
import type { CallOptions, KeyClaim, NewOrder, OrderItem } from '@chaos-kitchen/order-service'
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
  circuitBreaker,
  exponential,
  isTransient,
  pipeline,
  retry,
  retryBudget,
  timeout,
} from '@chaos-kitchen/resilience'

/** No discount, no meal. */
export default defineOrderService(({ menu, loyalty, orders }) => {
  const menuCalls = pipeline('menu', guarded())
  const loyaltyCalls = pipeline('loyalty', guarded())

  async function priced({ id, quantity }: Omit<OrderItem, 'priceInCents'>, guest: CallOptions): Promise<OrderItem> {
    try {
      const { priceInCents } = await menuCalls.execute((call) => menu.item(id, call), guest)
      return { id, quantity, priceInCents }
    } catch (error) {
      if (error instanceof DownstreamError && error.status === 404) throw new UnknownItemError(id, { cause: error })
      throw error
    }
  }

  /** Key, order and items, or nothing. @returns whose the key is, when another order has it */
  function save(order: NewOrder, items: OrderItem[], claim: KeyClaim, guest: CallOptions) {
    return orders.transaction(async (transaction) => {
      const result = await transaction.claimIdempotencyKey(claim)
      if (!result.claimed) return result
      await Promise.all([transaction.insertOrder(order), transaction.insertItems(order.orderId, items)])
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

  return {
    async placeOrder(request, { idempotencyKey, signal, deadline = Date.now() + PATIENCE }) {
      const { customerId } = request
      const guest = { signal, deadline: deadline - TO_ANSWER }
      const orderId = randomUUID()
      const claim = { key: idempotencyKey ?? orderId, orderId, requestHash: hashRequest(request) }
      const earlier = await orders.findIdempotencyClaim(claim.key, guest)
      if (earlier) return replay(earlier, claim, guest)

      // TODO: what does the owner want for a guest whose discount nobody can tell, and how will they know?
      const [items, discountPercentage] = await Promise.all([
        Promise.all(request.items.map((item) => priced(item, guest))),
        loyaltyCalls.execute((call) => loyalty.discount(customerId, call), guest),
      ])
      const amountInCents = totalInCents(items, discountPercentage)
      const order: NewOrder = { orderId, customerId, amountInCents, discountPercentage, idempotencyKey: claim.key }
      const winner = await save(order, items, claim, guest)
      if (winner) return replay(winner, claim, guest)

      try {
        await loyaltyCalls.execute((call) => loyalty.recordOrder(customerId, orderId, call), guest)
      } catch {
        // It will do without this one.
      }
      return toReply(order)
    },
  }
})

/** For calls over the network: few retries, on a budget, none of them into an open circuit, and an end for each. */
function guarded() {
  const backoff = exponential({ initial: 50, max: 500 })
  return [
    retry({ maxAttempts: 3, backoff, budget: retryBudget(), handleError: isTransient }),
    circuitBreaker({ window: 5_000, minimumCalls: 10, openFor: 1_000, handleError: isTransient }),
    timeout(500),
  ]
}

/** In milliseconds: what a guest who doesn't say is believed to wait, and what it takes to save the order and answer. */
const PATIENCE = 5_000
const TO_ANSWER = 300
