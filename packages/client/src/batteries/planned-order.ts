/** An order that a battery places, and what must come of it. */
export interface PlannedOrder {
  /** From 1, in the order in which they start. */
  readonly number: number
  /** A customer within the battery; a fresh customer id stands for it in every run. */
  readonly customer: string
  readonly items: readonly { readonly id: string; readonly quantity: number }[]
  readonly amountInCents: number
  readonly discountPercentage: number
}

const PRICES_IN_CENTS: Record<string, number> = { burger: 1_000, fries: 500, coke: 250 }

/** Numbers the orders, and works out from the menu and each customer's earlier orders what they must cost. */
export function planOrders(orders: Pick<PlannedOrder, 'customer' | 'items'>[]): PlannedOrder[] {
  const earlier = new Map<string, number>()
  return orders.map(({ customer, items }, index) => {
    const discountPercentage = Math.min(earlier.get(customer) ?? 0, 10)
    earlier.set(customer, (earlier.get(customer) ?? 0) + 1)
    const full = items.reduce((sum, { id, quantity }) => sum + priceOf(id) * quantity, 0)
    const amountInCents = Math.round((full * (100 - discountPercentage)) / 100)
    return { number: index + 1, customer, items, amountInCents, discountPercentage }
  })
}

function priceOf(item: string): number {
  const price = PRICES_IN_CENTS[item]
  if (price === undefined) throw new RangeError(`The menu has no ${item}.`)
  return price
}
