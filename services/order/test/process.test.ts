import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { post, type Restaurant, startRestaurant } from './restaurant.ts'

let restaurant: Restaurant
beforeAll(async () => {
  restaurant = await startRestaurant(join(import.meta.dirname, 'forgetful.ts'))
}, 120_000)
afterAll(() => restaurant?.stop())

const customerId = crypto.randomUUID()
/** Takes thirty milliseconds for each burger. */
const place = (quantity: number) => post(restaurant, { customerId, items: [{ id: 'burger', quantity }] })

test('a forgotten await is told of, and the service goes on', async () => {
  expect((await place(1)).status).toBe(201)
  expect((await place(1)).status).toBe(201)
  const { records } = restaurant.orderProcess()
  await expect.poll(() => records.filter(({ level }) => level === 50).length, { timeout: 25_000 }).toBe(2)
  expect(records.find(({ level }) => level === 50)).toMatchObject({
    msg: expect.stringContaining('is an `await` missing?'),
    err: { message: 'forgotten' },
  })
})

test('SIGTERM: the request that runs gets its reply, then the process ends well', { timeout: 60_000 }, async () => {
  const { child, records } = restaurant.orderProcess()
  const exited = once(child, 'exit')
  records.length = 0
  const running = place(100)
  await expect.poll(() => records.some(({ msg }) => msg === 'placing'), { timeout: 25_000 }).toBe(true)
  child.kill('SIGTERM')
  expect((await running).status).toBe(201)
  expect(await exited).toEqual([0, null])
  await restaurant.startOrderService()
})

test('the end of standard input ends it as well: the parent is gone', { timeout: 60_000 }, async () => {
  const { child } = restaurant.orderProcess()
  const exited = once(child, 'exit')
  child.stdin?.end()
  expect(await exited).toEqual([0, null])
})

test('a port that is taken is told in one line', { timeout: 60_000 }, async () => {
  await restaurant.startOrderService()
  const second = restaurant.startOrderService()
  await expect(second).rejects.toThrow(/"code":"PORT_TAKEN"/)
})
