import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { Agent, request } from 'undici'
import type { LoyaltyEntry, StoredOrder } from '../invariants/index.ts'

/** What the services hold, read past the proxies, so that chaos cannot fool the checks. */
export interface Restaurant {
  ordersOf(customerId: string, signal?: AbortSignal): Promise<StoredOrder[]>
  loyaltyOf(customerId: string, signal?: AbortSignal): Promise<LoyaltyEntry[]>
  close(): Promise<void>
}

const READ_TIMEOUT = 3_000

const Orders = Type.Object({
  orders: Type.Array(
    Type.Object({
      orderId: Type.String(),
      customerId: Type.String(),
      amount: Type.Number(),
      discountPercentage: Type.Number(),
      degraded: Type.Optional(Type.Boolean()),
      idempotencyKey: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      items: Type.Array(Type.Object({ id: Type.String(), quantity: Type.Integer() })),
    }),
  ),
})

const Loyalty = Type.Object({
  customerId: Type.String(),
  orders: Type.Array(Type.Object({ orderId: Type.String(), recordings: Type.Integer() })),
})

/** @param direct base URLs past the proxies */
export function openRestaurant(direct: { order: string; loyalty: string }): Restaurant {
  const agent = new Agent({ connections: 4, pipelining: 1 })
  const read = async (url: string, signal: AbortSignal | undefined): Promise<unknown> => {
    const timeout = AbortSignal.timeout(READ_TIMEOUT)
    const response = await request(url, {
      dispatcher: agent,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    })
    if (response.statusCode === 200) return response.body.json()
    await response.body.dump()
    throw new Error(`${url} answered ${response.statusCode}`)
  }
  return {
    async ordersOf(customerId, signal) {
      const { orders } = Value.Parse(Orders, await read(`${direct.order}/orders?customerId=${customerId}`, signal))
      return orders.map(({ amount, idempotencyKey, degraded = false, ...order }) => ({
        ...order,
        degraded,
        amountInCents: Math.round(amount * 100),
        idempotencyKey: idempotencyKey ?? undefined,
      }))
    },
    async loyaltyOf(customerId, signal) {
      const { orders } = Value.Parse(Loyalty, await read(`${direct.loyalty}/customers/${customerId}/orders`, signal))
      return orders.map((entry) => ({ customerId, ...entry }))
    },
    close: () => agent.close(),
  }
}
