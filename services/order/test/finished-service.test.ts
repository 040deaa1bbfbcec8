import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { order, post, type Restaurant, solution, startRestaurant } from './restaurant.ts'

let restaurant: Restaurant
beforeAll(async () => {
  restaurant = await startRestaurant(solution, { traced: true })
}, 120_000)
afterAll(() => restaurant?.stop())
beforeEach(() => restaurant.reset())

const burger = { id: 'burger', quantity: 1 }

async function recorded(customerId: string): Promise<string[]> {
  const reply = await fetch(`${restaurant.loyalty}/customers/${customerId}/orders`)
  const { orders }: { orders: { orderId: string }[] } = JSON.parse(await reply.text())
  return orders.map(({ orderId }) => orderId)
}

async function saved(customerId: string): Promise<{ orders: number; items: number }> {
  const [row] = await restaurant.sql<{ orders: number; items: number }>(
    `SELECT count(DISTINCT orders.order_id)::int AS orders, count(order_items.order_id)::int AS items
     FROM orders LEFT JOIN order_items USING (order_id) WHERE customer_id = $1`,
    [customerId],
  )
  return row ?? { orders: 0, items: 0 }
}

test('orders one after another get the discount of all before them', async () => {
  const customerId = crypto.randomUUID()
  const discounts: number[] = []
  for (let number = 0; number < 12; number++)
    discounts.push((await order(restaurant, customerId, [burger])).body.discountPercentage)
  expect(discounts).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10])
})

test('an unknown item is the guest’s mistake', async () => {
  const reply = await post(restaurant, { customerId: crypto.randomUUID(), items: [{ id: 'pizza', quantity: 1 }] })
  expect(reply).toMatchObject({ status: 422, body: { type: 'urn:chaos-kitchen:problem:unknown-item' } })
  expect(reply.body.detail).toContain('pizza')
})

test('one key, twenty at once: one order, and everybody is told of it', async () => {
  const customerId = crypto.randomUUID()
  const replies = await Promise.all(Array.from({ length: 20 }, () => order(restaurant, customerId, [burger], 'k20')))
  expect(new Set(replies.map(({ body }) => body.orderId)).size).toBe(1)
  expect(replies.map(({ status }) => status)).toEqual(Array(20).fill(201))
  expect(await saved(customerId)).toEqual({ orders: 1, items: 1 })
})

test('a replay is the first answer again, also when menu and loyalty are away', async () => {
  const customerId = crypto.randomUUID()
  const first = await order(restaurant, customerId, [burger], 'k1')
  await order(restaurant, customerId, [burger], 'k2')
  restaurant.doors.menu.shut()
  restaurant.doors.loyalty.shut()
  const again = await post(restaurant, { customerId, items: [burger] }, { 'idempotency-key': 'k1' })
  expect([again.status, again.body]).toEqual([201, first.body])
})

test('another order under the same key is refused', async () => {
  const customerId = crypto.randomUUID()
  await order(restaurant, customerId, [burger], 'reused')
  const other = await order(restaurant, customerId, [{ id: 'coke', quantity: 1 }], 'reused')
  expect(other).toMatchObject({ status: 422, body: { type: 'urn:chaos-kitchen:problem:idempotency-key-reused' } })
  expect(await saved(customerId)).toEqual({ orders: 1, items: 1 })
})

test('a COMMIT whose answer is lost is not done twice', async () => {
  const customerId = crypto.randomUUID()
  restaurant.doors.postgres.loseReplyTo('INSERT INTO orders', 'COMMIT')
  const reply = await order(restaurant, customerId, [burger])
  expect(reply.status).toBe(201)
  expect(restaurant.doors.postgres.sprung()).toBe(true)
  expect(await saved(customerId)).toEqual({ orders: 1, items: 1 })
})

test('a reply of menu that is lost is asked for again', async () => {
  restaurant.doors.menu.loseReplyTo('GET /items/burger')
  const reply = await post(restaurant, { customerId: crypto.randomUUID(), items: [burger] })
  expect(reply.status).toBe(201)
  expect(restaurant.doors.menu.sprung()).toBe(true)
})

test('loyalty away: no order at a wrong discount; back again: the right one', async () => {
  const customerId = crypto.randomUUID()
  await order(restaurant, customerId, [burger])
  restaurant.doors.loyalty.shut()
  const away = await post(restaurant, { customerId, items: [burger] }, { 'idempotency-key': 'later' })
  expect(away.status).toBeGreaterThanOrEqual(500)
  expect((await saved(customerId)).orders).toBe(1)
  restaurant.doors.loyalty.open()
  expect((await order(restaurant, customerId, [burger], 'later')).body.discountPercentage).toBe(1)
})

test('a discount waits for loyalty to hear of the orders before, which it may have heard of already', async () => {
  const customerId = crypto.randomUUID()
  restaurant.doors.loyalty.shutAt(`PUT /customers/${customerId}`)
  await order(restaurant, customerId, [burger])
  const never = await post(restaurant, { customerId, items: [burger] }, { 'idempotency-key': 'second' })
  expect(never.status).toBeGreaterThanOrEqual(500)
  restaurant.doors.loyalty.open()
  // Told, and the answer lost: it counts once although it is told again.
  restaurant.doors.loyalty.loseReplyTo(`PUT /customers/${customerId}`)
  expect((await order(restaurant, customerId, [burger], 'second')).body.discountPercentage).toBe(1)
  expect(restaurant.doors.loyalty.sprung()).toBe(true)
  await expect.poll(async () => (await recorded(customerId)).length, { timeout: 25_000 }).toBe(2)
})

test('a menu that never answers is given up in time, and no connection to it stays', async () => {
  restaurant.doors.menu.silence()
  const began = performance.now()
  const reply = await fetch(`${restaurant.order}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-deadline-ms': '1000' },
    body: JSON.stringify({ customerId: crypto.randomUUID(), items: [burger] }),
  })
  expect(reply.status).toBe(504)
  expect(performance.now() - began).toBeLessThan(4_000)
  await expect.poll(() => restaurant.doors.menu.connections(), { timeout: 5_000 }).toBe(0)
})

test('what the relay tells belongs to the trace of its order', async () => {
  const traceId = crypto.randomUUID().replaceAll('-', '')
  restaurant.doors.loyalty.loseReplyTo('PUT /customers', traceId)
  const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` }
  expect((await post(restaurant, { customerId: crypto.randomUUID(), items: [burger] }, headers)).status).toBe(201)
  await expect.poll(() => restaurant.doors.loyalty.sprung(), { timeout: 25_000 }).toBe(true)
})

test('killed between commit and telling: loyalty hears of it all the same', { timeout: 60_000 }, async () => {
  const customerId = crypto.randomUUID()
  restaurant.doors.loyalty.shutAt(`PUT /customers/${customerId}`)
  const placed = await order(restaurant, customerId, [burger])
  await restaurant.killOrderService()
  expect(await recorded(customerId)).toEqual([])
  await restaurant.startOrderService()
  restaurant.doors.loyalty.open()
  await expect.poll(() => recorded(customerId), { timeout: 25_000 }).toEqual([placed.body.orderId])
  await expect
    .poll(() => restaurant.sql('SELECT 1 FROM outbox WHERE notified_at IS NULL'), { timeout: 25_000 })
    .toEqual([])
})

test('killed in the middle of writing: no order without items, none lost, none double', {
  timeout: 60_000,
}, async () => {
  const customerId = crypto.randomUUID()
  restaurant.doors.postgres.shutAt('INSERT INTO orders', 'COMMIT')
  const placing = order(restaurant, customerId, [burger])
  await expect.poll(() => restaurant.doors.postgres.isShut(), { timeout: 25_000 }).toBe(true)
  await restaurant.killOrderService()
  expect(await saved(customerId)).toEqual({ orders: 0, items: 0 })
  restaurant.doors.postgres.open()
  await restaurant.startOrderService()
  expect((await placing).status).toBe(201)
  expect(await saved(customerId)).toEqual({ orders: 1, items: 1 })
})
