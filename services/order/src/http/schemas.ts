import { DEADLINE_HEADER } from '@chaos-kitchen/resilience'
import { Type } from 'typebox'

const Uuid = Type.String({ format: 'uuid' })
/** No control characters and no halves of characters: neither a URL nor PostgreSQL can carry them. */
const ItemId = Type.String({ minLength: 1, maxLength: 100, pattern: '^\\P{C}+$' })
const Quantity = Type.Integer({ minimum: 1, maximum: 100 })
const Money = Type.Number({ description: 'Two decimals' })

export const PlaceOrderBody = Type.Object({
  customerId: Uuid,
  items: Type.Array(Type.Object({ id: ItemId, quantity: Quantity }), { minItems: 1, maxItems: 50 }),
})

export const PlaceOrderHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ maxLength: 255, description: 'One for each order, the same in each attempt at it' }),
  ),
  [DEADLINE_HEADER]: Type.Optional(
    Type.String({ pattern: '^\\d{1,15}$', description: 'For how many more milliseconds the caller waits' }),
  ),
})

export const PlacedOrder = Type.Object({
  orderId: Uuid,
  amount: Money,
  discountPercentage: Type.Number(),
  degraded: Type.Optional(Type.Boolean({ description: 'Taken without everything it should have had' })),
})

export const Order = Type.Object({
  orderId: Uuid,
  customerId: Uuid,
  amount: Money,
  discountPercentage: Type.Number(),
  degraded: Type.Boolean(),
  idempotencyKey: Type.Union([Type.String(), Type.Null()]),
  createdAt: Type.String({ format: 'date-time' }),
  items: Type.Array(Type.Object({ id: Type.String(), quantity: Type.Integer(), price: Money })),
})

export const OrderParams = Type.Object({ id: Uuid })
export const OrdersQuery = Type.Object({ customerId: Uuid })
export const Orders = Type.Object({ orders: Type.Array(Order) })
