import { continueTrace } from '@chaos-kitchen/service'
import { Type } from 'typebox'
import type { LoyaltyClient } from '../define-order-service.ts'
import { type HttpClient, NoBody } from './http-client.ts'

const Discount = Type.Object({ discountPercentage: Type.Integer({ minimum: 0, maximum: 100 }) })

/** @param traceOf which trace an order belongs to, where it is told of from the background */
export function createLoyaltyClient(
  http: HttpClient,
  traceOf: (orderId: string) => string | undefined = () => undefined,
): LoyaltyClient {
  return {
    async discount(customerId, options) {
      const reply = await http.request('GET', `/customers/${customerId}/discount`, Discount, options)
      return reply.discountPercentage
    },
    async recordOrder(customerId, orderId, options) {
      const path = `/customers/${customerId}/orders/${orderId}`
      await continueTrace(traceOf(orderId), () => http.request('PUT', path, NoBody, options))
    },
  }
}
