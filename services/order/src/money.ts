/** Amounts are integer cents inside; these are the only ways in and out. */

/** Two decimals outside: 1980 → 19.8. */
export function fromCents(cents: number): number {
  return cents / 100
}

/** 19.8 → 1980, whatever the binary fraction behind it. */
export function toCents(amount: number): number {
  return Math.round(amount * 100)
}

/** What the items cost, less the discount; half a cent is rounded up. */
export function totalInCents(items: { quantity: number; priceInCents: number }[], discountPercentage: number): number {
  const full = items.reduce((sum, item) => sum + item.quantity * item.priceInCents, 0)
  // In whole numbers: half of 100 more before an exact division by 100.
  return Math.floor((full * (100 - discountPercentage) + 50) / 100)
}
