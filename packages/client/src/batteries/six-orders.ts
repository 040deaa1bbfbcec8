import { planOrders } from './planned-order.ts'

/** Six orders of three customers: 25.00, 19.80, 10.00, 29.70, 9.80 and 10.00, with 0, 1, 0, 1, 2 and 0 % off. */
export const sixOrders = planOrders([
  { customer: 'Ada', items: items({ burger: 2, fries: 1 }) },
  { customer: 'Ada', items: items({ burger: 1, fries: 1, coke: 2 }) },
  { customer: 'Ben', items: items({ burger: 1 }) },
  { customer: 'Ben', items: items({ burger: 2, fries: 2 }) },
  { customer: 'Ada', items: items({ fries: 1, coke: 2 }) },
  { customer: 'Cleo', items: items({ coke: 4 }) },
])

function items(quantities: Record<string, number>) {
  return Object.entries(quantities).map(([id, quantity]) => ({ id, quantity }))
}
