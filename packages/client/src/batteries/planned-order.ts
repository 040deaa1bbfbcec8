/** An order that a battery places, and what must come of it. */
export interface PlannedOrder {
  /** From 1, in the order in which they start. */
  readonly number: number
  /** A customer within the battery; a fresh customer id stands for it in every run. */
  readonly customer: string
  readonly items: readonly { readonly id: string; readonly quantity: number }[]
  readonly amountInCents: number
  readonly discountPercentage: number
  /**
   * `refused`: the guest's own mistake, which must be told (4xx). `failed`: can't be had just now, which must be told in
   * time (5xx). Neither may be cooked. `any`: where both are right, because a fault just comes or goes. Default: placed.
   */
  readonly expect?: 'placed' | 'refused' | 'failed' | 'any'
  /** Taken while loyalty can't be asked: at full price, and the reply says so. */
  readonly degraded?: true
  /** Sent under the key of that order instead of one of its own. */
  readonly keyOf?: number
  /** Goes out together with the order before it, where orders come in turn. */
  readonly together?: boolean
  /** When it goes out, in milliseconds since the start of the battery, or of its turn where orders come in turn. Default 0. */
  readonly at?: number
  /** Where this guest differs from the battery's client. */
  readonly guest?: Guest
}

export function mustBePlaced({ expect = 'placed' }: Pick<PlannedOrder, 'expect'>): boolean {
  return expect === 'placed'
}

/** Whoever's mistake it is: the guest is told no, and nothing is cooked. */
export function mustBeRefused({ expect }: Pick<PlannedOrder, 'expect'>): boolean {
  return expect === 'refused' || expect === 'failed'
}

export interface Guest {
  /** How long one attempt may take, in milliseconds; the guest is gone then. */
  readonly attemptTimeout?: number
  readonly maxAttempts?: number
  /** False: doesn't say how long it will wait. */
  readonly tellsDeadline?: boolean
}

/** What a battery says of an order; the rest follows from the menu and the customer's earlier orders. */
export type OrderPlan = Omit<PlannedOrder, 'number' | 'amountInCents' | 'discountPercentage'>

const PRICES_IN_CENTS: Record<string, number> = { burger: 1_000, fries: 500, coke: 250 }

/** Numbers the orders, and works out from the menu and each customer's earlier orders what they must cost. */
export function planOrders(plans: readonly OrderPlan[]): PlannedOrder[] {
  const earlier = new Map<string, number>()
  const planned: PlannedOrder[] = []
  for (const plan of plans)
    planned.push({ ...plan, number: planned.length + 1, ...priceOfPlan(plan, planned, earlier) })
  return planned
}

type Price = Pick<PlannedOrder, 'amountInCents' | 'discountPercentage'>

function priceOfPlan(plan: OrderPlan, planned: readonly PlannedOrder[], earlier: Map<string, number>): Price {
  const { customer, items, keyOf, degraded = false } = plan
  if (mustBeRefused(plan)) return { amountInCents: 0, discountPercentage: 0 }
  const same = planned.find(({ number }) => number === keyOf)
  if (same !== undefined) return { amountInCents: same.amountInCents, discountPercentage: same.discountPercentage }
  const discountPercentage = degraded ? 0 : Math.min(earlier.get(customer) ?? 0, 10)
  earlier.set(customer, (earlier.get(customer) ?? 0) + 1)
  const full = items.reduce((sum, { id, quantity }) => sum + priceOf(id) * quantity, 0)
  return { amountInCents: Math.round((full * (100 - discountPercentage)) / 100), discountPercentage }
}

function priceOf(item: string): number {
  const price = PRICES_IN_CENTS[item]
  if (price === undefined) throw new RangeError(`The menu has no ${item}.`)
  return price
}
