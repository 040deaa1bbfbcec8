import { createHash } from 'node:crypto'
import type { OrderRequest } from './define-order-service.ts'

/** The same for the same order, to tell a replay from another order under the same key. Order of items counts. */
export function hashRequest({ customerId, items }: OrderRequest): string {
  const canonical = JSON.stringify([customerId, items.map(({ id, quantity }) => [id, quantity])])
  return createHash('sha256').update(canonical).digest('hex')
}
