import { randomUUID } from 'node:crypto'
import type { CallOptions, NewOrder, OrderItem } from '@chaos-kitchen/order-service'
import {
  DownstreamError,
  defineOrderService,
  hashRequest,
  IdempotencyConflictError,
  toReply,
  totalInCents,
  UnknownItemError,
} from '@chaos-kitchen/order-service'
import { exponential, isTransient, pipeline, retry, timeout } from '@chaos-kitchen/resilience'

/** Looks whether the key is there, and saves the order where it is not. */
export default defineOrderService(({ menu, loyalty, orders }) => {
  const again = () =>
    retry({
      maxAttempts: 12,
      maxElapsed: 6_000,
      backoff: exponential({ initial: 100, max: 3_000 }),
      handleError: isTransient,
    })
  const menuCalls = pipeline('menu', [again(), timeout(500)])
  const loyaltyCalls = pipeline('loyalty', [again(), timeout(500)])

  /** What was asked under each key. */
  const hashes = new Map<string, string>()

  async function priced({ id, quantity }: Omit<OrderItem, 'priceInCents'>, guest: CallOptions): Promise<OrderItem> {
    try {
      const { priceInCents } = await menuCalls.execute((call) => menu.item(id, call), guest)
      return { id, quantity, priceInCents }
    } catch (error) {
      if (error instanceof DownstreamError && error.status === 404) throw new UnknownItemError(id, { cause: error })
      throw error
    }
  }

  /** Order and items, or nothing. */
  function save(order: NewOrder, items: OrderItem[], guest: CallOptions) {
    return orders.transaction(async (transaction) => {
      await Promise.all([transaction.insertOrder(order), transaction.insertItems(order.orderId, items)])
    }, guest)
  }

  return {
    async placeOrder(request, { idempotencyKey, signal, deadline = Date.now() + PATIENCE }) {
      const { customerId } = request
      const guest = { signal, deadline: deadline - TO_ANSWER }
      const orderId = randomUUID()
      const key = idempotencyKey ?? orderId
      const requestHash = hashRequest(request)
      const earlier = await orders.findByIdempotencyKey(key, guest)
      if (earlier && (hashes.get(key) ?? requestHash) === requestHash) return toReply(earlier)
      if (earlier) throw new IdempotencyConflictError()

      const [items, discountPercentage] = await Promise.all([
        Promise.all(request.items.map((item) => priced(item, guest))),
        loyaltyCalls.execute((call) => loyalty.discount(customerId, call), guest),
      ])
      const amountInCents = totalInCents(items, discountPercentage)
      const order: NewOrder = { orderId, customerId, amountInCents, discountPercentage, idempotencyKey: key }
      await save(order, items, guest)
      hashes.set(key, requestHash)

      try {
        await loyaltyCalls.execute((call) => loyalty.recordOrder(customerId, orderId, call), guest)
      } catch {
        // It will do without this one.
      }
      return toReply(order)
    },
  }
})

/** In milliseconds: what a guest who doesn't say is believed to wait, and what it takes to save the order and answer. */
const PATIENCE = 5_000
const TO_ANSWER = 300
