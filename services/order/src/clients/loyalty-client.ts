import { Type } from 'typebox'
import type { LoyaltyClient } from '../define-order-service.ts'
import { type HttpClient, NoBody } from './http-client.ts'

const Discount = Type.Object({ discountPercentage: Type.Integer({ minimum: 0, maximum: 100 }) })

export function createLoyaltyClient(http: HttpClient): LoyaltyClient {
  return {
    async discount(customerId, options) {
      const reply = await http.request('GET', `/customers/${customerId}/discount`, Discount, options)
      return reply.discountPercentage
    },
    async recordOrder(customerId, orderId, options) {
      await http.request('PUT', `/customers/${customerId}/orders/${orderId}`, NoBody, options)
    },
  }
}
