import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { order, post, type Restaurant, startingService, startRestaurant } from './restaurant.ts'

let restaurant: Restaurant
beforeAll(async () => {
  restaurant = await startRestaurant(startingService)
}, 120_000)
afterAll(() => restaurant?.stop())
beforeEach(() => restaurant.reset())

const burger = { id: 'burger', quantity: 1 }
const json = async (path: string) => {
  const reply = await fetch(restaurant.order + path)
  const body: unknown = await reply.json()
  return { status: reply.status, body }
}

test('an order is priced, saved, readable, and loyalty knows of it', async () => {
  const customerId = crypto.randomUUID()
  const items = [
    { id: 'burger', quantity: 2 },
    { id: 'coke', quantity: 1 },
  ]
  const placed = await post(restaurant, { customerId, items }, { 'idempotency-key': 'key one' })
  expect(placed.status).toBe(201)
  expect(placed.body).toEqual({ orderId: expect.any(String), amount: 22.5, discountPercentage: 0 })
  const { orderId } = placed.body
  expect(placed.headers.get('location')).toBe(`/orders/${orderId}`)

  const saved = {
    orderId,
    customerId,
    amount: 22.5,
    discountPercentage: 0,
    degraded: false,
    idempotencyKey: 'key one',
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    items: [
      { id: 'burger', quantity: 2, price: 10 },
      { id: 'coke', quantity: 1, price: 2.5 },
    ],
  }
  expect(await json(`/orders/${orderId}`)).toEqual({ status: 200, body: saved })
  expect(await json(`/orders?customerId=${customerId}`)).toEqual({ status: 200, body: { orders: [saved] } })
  expect((await post(restaurant, { customerId, items: [burger] })).body).toMatchObject({
    amount: 9.9,
    discountPercentage: 1,
  })
  expect(await json(`/orders?customerId=${crypto.randomUUID()}`)).toEqual({ status: 200, body: { orders: [] } })
})

const someone = crypto.randomUUID()

test.each([
  ['no items', { customerId: someone, items: [] }, '#/items'],
  ['too many items', { customerId: someone, items: Array(51).fill(burger) }, '#/items'],
  ['a negative quantity', { customerId: someone, items: [{ id: 'burger', quantity: -1 }] }, '#/items/0/quantity'],
  ['a quantity of none', { customerId: someone, items: [{ id: 'burger', quantity: 0 }] }, '#/items/0/quantity'],
  ['a huge quantity', { customerId: someone, items: [{ id: 'burger', quantity: 1e12 }] }, '#/items/0/quantity'],
  ['half a burger', { customerId: someone, items: [{ id: 'burger', quantity: 0.5 }] }, '#/items/0/quantity'],
  ['a quantity in words', { customerId: someone, items: [{ id: 'burger', quantity: '2' }] }, '#/items/0/quantity'],
  ['an item without id', { customerId: someone, items: [{ quantity: 1 }] }, '#/items/0/id'],
  ['an id that no URL can carry', { customerId: someone, items: [{ id: '\ud800', quantity: 1 }] }, '#/items/0/id'],
  ['an id that no database can carry', { customerId: someone, items: [{ id: '\0', quantity: 1 }] }, '#/items/0/id'],
  ['one item that is no list', { customerId: someone, items: burger }, '#/items'],
  ['a customer id that is no UUID', { customerId: 'Ada', items: [burger] }, '#/customerId'],
  ['a UUID in another form', { customerId: `urn:uuid:${someone}`, items: [burger] }, '#/customerId'],
  ['no customer', { items: [burger] }, '#/customerId'],
])('%s: a 400 that points at it', async (_name, body, pointer) => {
  const reply = await post(restaurant, body)
  expect(reply.status).toBe(400)
  expect(reply.headers.get('content-type')).toContain('application/problem+json')
  expect(reply.body.errors[0]?.pointer).toBe(pointer)
})

test('a deadline that is no number is refused', async () => {
  const reply = await post(restaurant, { customerId: someone, items: [burger] }, { 'x-deadline-ms': 'soon' })
  expect([reply.status, reply.body.errors[0]?.pointer]).toEqual([400, 'parameter x-deadline-ms'])
})

test.each(['/orders', '/orders?customerId=x', '/orders/x'])('GET %s: a 400', async (path) => {
  expect((await json(path)).status).toBe(400)
})

test('an order that does not exist: a 404', async () => {
  expect(await json(`/orders/${someone}`)).toMatchObject({ status: 404, body: { status: 404 } })
})

test('the documentation knows the routes and their schemas', async () => {
  const body = { content: { 'application/json': { schema: { properties: { items: { minItems: 1, maxItems: 50 } } } } } }
  expect((await json('/docs/json')).body).toMatchObject({
    paths: {
      '/orders': { post: { requestBody: body } },
      '/orders/{id}': { get: { responses: { 404: {} } } },
    },
  })
})

test('naive as it is: an unknown item is a 500, and says nothing of the inside', async () => {
  const reply = await post(restaurant, { customerId: someone, items: [{ id: 'pizza', quantity: 1 }] })
  expect(reply.status).toBe(500)
  expect(JSON.stringify(reply.body)).not.toMatch(/DownstreamError|\.ts/)
})

test('naive as it is: the same key twice is two orders', async () => {
  const customerId = crypto.randomUUID()
  const twice = [
    await order(restaurant, customerId, [burger], 'same'),
    await order(restaurant, customerId, [burger], 'same'),
  ]
  expect(twice[0]?.body.orderId).not.toBe(twice[1]?.body.orderId)
})

test('menu away: a 502; database away: a 503; both in words', async () => {
  restaurant.doors.menu.shut()
  const noMenu = await post(restaurant, { customerId: someone, items: [burger] })
  expect(noMenu).toMatchObject({ status: 502, body: { type: 'urn:chaos-kitchen:problem:menu-unavailable' } })
  restaurant.doors.menu.open()
  restaurant.doors.postgres.shut()
  const noDatabase = await post(restaurant, { customerId: someone, items: [burger] })
  expect(noDatabase).toMatchObject({ status: 503, body: { detail: 'The database is not available at the moment.' } })
  expect(noDatabase.headers.get('retry-after')).toBe('1')
})
