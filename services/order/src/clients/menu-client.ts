import { Type } from 'typebox'
import type { MenuClient } from '../define-order-service.ts'
import { toCents } from '../money.ts'
import type { HttpClient } from './http-client.ts'

const Item = Type.Object({ id: Type.String(), name: Type.String(), price: Type.Number({ exclusiveMinimum: 0 }) })

export function createMenuClient(http: HttpClient): MenuClient {
  return {
    async item(id, options) {
      const { name, price } = await http.request('GET', `/items/${encodeURIComponent(id)}`, Item, options)
      return { id, name, priceInCents: toCents(price) }
    },
  }
}
