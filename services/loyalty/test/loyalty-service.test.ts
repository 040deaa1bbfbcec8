import { createService, readEnvironment, type Service, ServiceEnvironment } from '@chaos-kitchen/service'
import { startTestPostgres, type TestPostgres, untilReady } from '@chaos-kitchen/service/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loyaltyService } from '../src/index.ts'

let postgres: TestPostgres
let service: Service
let url: string

beforeAll(async () => {
  postgres = await startTestPostgres()
  const environment = {
    SERVICE_NAME: 'loyalty',
    PORT: '0',
    KITCHEN: '1',
    LOG_LEVEL: 'silent',
    DATABASE_URL: await postgres.createDatabase('loyalty'),
  }
  service = await createService(loyaltyService, readEnvironment(ServiceEnvironment, environment))
  url = await service.listen()
  await untilReady(url)
})

afterAll(async () => {
  await service?.stop()
  await postgres?.stop()
})

const record = async (customerId: string, orderId: string) =>
  (await fetch(`${url}/customers/${customerId}/orders/${orderId}`, { method: 'PUT' })).status

async function get(customerId: string, what: 'discount' | 'orders'): Promise<unknown> {
  const reply = await fetch(`${url}/customers/${customerId}/${what}`)
  expect(reply.status).toBe(200)
  return reply.json()
}

test('one percent for each order, ten at most, and each customer alone', async () => {
  const customerId = crypto.randomUUID()
  const discounts: unknown[] = []
  for (let number = 0; number < 12; number++) {
    discounts.push(await get(customerId, 'discount'))
    expect(await record(customerId, crypto.randomUUID())).toBe(204)
  }
  expect(discounts).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10].map((discountPercentage) => ({ customerId, discountPercentage })),
  )
  expect(await get(crypto.randomUUID(), 'discount')).toMatchObject({ discountPercentage: 0 })
})

test('an order that it is told of again, also at once, counts once, and how often is known', async () => {
  const [customerId, orderId] = [crypto.randomUUID(), crypto.randomUUID()]
  const statuses = await Promise.all(Array.from({ length: 10 }, () => record(customerId, orderId)))
  expect(statuses).toEqual(Array(10).fill(204))
  expect(await get(customerId, 'discount')).toMatchObject({ discountPercentage: 1 })
  expect(await get(customerId, 'orders')).toEqual({ customerId, orders: [{ orderId, recordings: 10 }] })
})

test("another customer's order is refused and changes nothing", async () => {
  const [customerId, other, orderId] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()]
  await record(customerId, orderId)
  expect(await record(other, orderId)).toBe(409)
  expect(await get(customerId, 'orders')).toEqual({ customerId, orders: [{ orderId, recordings: 1 }] })
  expect(await get(other, 'orders')).toEqual({ customerId: other, orders: [] })
})

test('whatever it is told, in whatever order: each order counts once', async () => {
  const customers = [crypto.randomUUID(), crypto.randomUUID()]
  const telling = fc.array(fc.record({ customer: fc.nat({ max: 1 }), order: fc.nat({ max: 4 }) }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(telling, async (told) => {
      await fetch(`${url}/test/reset`, { method: 'POST' })
      const ids = customers.map(() => Array.from({ length: 5 }, () => crypto.randomUUID()))
      for (const { customer, order } of told) await record(customers[customer] ?? '', ids[customer]?.[order] ?? '')
      for (const [index, customerId] of customers.entries()) {
        const own = new Set(told.filter(({ customer }) => customer === index).map(({ order }) => order))
        expect(await get(customerId, 'discount')).toEqual({ customerId, discountPercentage: own.size })
      }
    }),
    { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 25 },
  )
})

test.each([
  ['GET', '/customers/Ada/discount'],
  ['GET', '/customers/Ada/orders'],
  ['PUT', `/customers/${crypto.randomUUID()}/orders/1`],
  ['PUT', `/customers/Ada/orders/${crypto.randomUUID()}`],
])('%s %s: a 400', async (method, path) => {
  const reply = await fetch(url + path, { method })
  expect(reply.status).toBe(400)
  expect(reply.headers.get('content-type')).toContain('application/problem+json')
})

test('a reset forgets everybody', async () => {
  const customerId = crypto.randomUUID()
  await record(customerId, crypto.randomUUID())
  expect((await fetch(`${url}/test/reset`, { method: 'POST' })).status).toBe(204)
  expect(await get(customerId, 'orders')).toEqual({ customerId, orders: [] })
})
