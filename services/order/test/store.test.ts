import { createService, Database, readEnvironment, type Service, ServiceEnvironment } from '@chaos-kitchen/service'
import { startTestPostgres, type TestPostgres, untilReady } from '@chaos-kitchen/service/testing'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { NewOrder } from '../src/index.ts'
import { PgOrderStore } from '../src/store/pg-order-store.ts'
import { migrations, tables } from '../src/store/schema.ts'

let postgres: TestPostgres
let migrating: Service
let pool: pg.Pool
let orders: PgOrderStore

beforeAll(async () => {
  postgres = await startTestPostgres()
  const connectionString = await postgres.createDatabase('store')
  const environment = { SERVICE_NAME: 'store', PORT: '0', DATABASE_URL: connectionString, LOG_LEVEL: 'silent' }
  migrating = await createService(
    { migrations, tables, routes: () => undefined },
    readEnvironment(ServiceEnvironment, environment),
  )
  const url = await migrating.listen()
  await untilReady(url)
  pool = new pg.Pool({ connectionString, max: 10 })
  pool.on('error', () => undefined)
  orders = new PgOrderStore(new Database(pool))
})

afterAll(async () => {
  await migrating?.stop()
  await pool?.end()
  await postgres?.stop()
})

beforeEach(() => pool.query(`TRUNCATE ${tables.join(', ')}`))

const customerId = crypto.randomUUID()
const newOrder = (more: Partial<NewOrder> = {}): NewOrder => ({
  orderId: crypto.randomUUID(),
  customerId,
  amountInCents: 1_980,
  discountPercentage: 1,
  degraded: false,
  ...more,
})

test('an order comes back as it was saved', async () => {
  const [plain, full] = [newOrder(), newOrder({ degraded: true, idempotencyKey: 'k' })]
  await orders.insertOrder(plain)
  await orders.insertOrder(full)
  expect(await orders.findOrder(plain.orderId)).toEqual(plain)
  expect(await orders.findOrder(full.orderId)).toEqual(full)
  expect(await orders.findOrder(crypto.randomUUID())).toBeUndefined()
  expect(await orders.findByIdempotencyKey('k')).toEqual(full)
  expect(await orders.findByIdempotencyKey('other')).toBeUndefined()
})

test('the key on an order is a note: two orders may carry it, and the first one is found', async () => {
  const [first, second] = [newOrder({ idempotencyKey: 'k' }), newOrder({ idempotencyKey: 'k' })]
  await orders.insertOrder(first)
  await orders.insertOrder(second)
  expect(await orders.findByIdempotencyKey('k')).toEqual(first)
})

test('items keep their order, the same item twice too', async () => {
  const { orderId } = newOrder()
  await orders.insertOrder(newOrder({ orderId }))
  const items = ['fries', 'burger', 'fries'].map((id, index) => ({ id, quantity: index + 1, priceInCents: 500 }))
  await orders.insertItems(orderId, items)
  const { rows } = await pool.query('SELECT item_id, quantity FROM order_items ORDER BY position')
  expect(rows).toEqual([
    { item_id: 'fries', quantity: 1 },
    { item_id: 'burger', quantity: 2 },
    { item_id: 'fries', quantity: 3 },
  ])
})

test('of many who claim a key at once, one gets it, and the others are told whose it is', async () => {
  const ids = Array.from({ length: 20 }, () => crypto.randomUUID())
  const results = await Promise.all(
    ids.map((orderId) =>
      orders.transaction((transaction) => transaction.claimIdempotencyKey({ key: 'k', orderId, requestHash: 'h' })),
    ),
  )
  const winner = ids[results.findIndex((result) => result.claimed)]
  expect(results.filter((result) => result.claimed)).toHaveLength(1)
  expect(results.filter((result) => !result.claimed)).toEqual(
    Array(19).fill({ claimed: false, orderId: winner, requestHash: 'h' }),
  )
  expect(await orders.findIdempotencyClaim('k')).toEqual({ key: 'k', orderId: winner, requestHash: 'h' })
  expect(await orders.findIdempotencyClaim('other')).toBeUndefined()
})

test('a claim that is rolled back was none: whoever waited for it gets the key', async () => {
  const claim = (orderId: string) => ({ key: 'k', orderId, requestHash: 'h' })
  const { promise: decided, resolve: decide } = Promise.withResolvers<void>()
  const { promise: claimed, resolve: tell } = Promise.withResolvers<void>()
  const first = orders.transaction(async (transaction) => {
    await transaction.claimIdempotencyKey(claim(crypto.randomUUID()))
    tell()
    await decided
    throw new Error('changed my mind')
  })
  await claimed
  const second = orders.transaction((transaction) => transaction.claimIdempotencyKey(claim(customerId)))
  decide()
  await expect(first).rejects.toThrow('changed my mind')
  expect(await second).toEqual({ claimed: true })
})

test('a claim that another transaction holds for long can be given up', async () => {
  const claim = { key: 'k', orderId: crypto.randomUUID(), requestHash: 'h' }
  const { promise: decided, resolve: decide } = Promise.withResolvers<void>()
  const { promise: claimed, resolve: tell } = Promise.withResolvers<void>()
  const first = orders.transaction(async (transaction) => {
    await transaction.claimIdempotencyKey(claim)
    tell()
    await decided
  })
  await claimed
  await expect(orders.claimIdempotencyKey(claim, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
    name: 'TimeoutError',
  })
  decide()
  await first
})

async function enqueue(count: number, customer = customerId): Promise<string[]> {
  const ids = Array.from({ length: count }, () => crypto.randomUUID())
  for (const orderId of ids) await orders.enqueueNotification({ orderId, customerId: customer })
  return ids
}

test('notifications are pending until they are marked', async () => {
  const [first = '', second = ''] = await enqueue(2)
  await enqueue(1, crypto.randomUUID())
  expect(await orders.pendingNotifications(customerId)).toEqual([
    { orderId: first, customerId },
    { orderId: second, customerId },
  ])
  await orders.markNotified([first])
  expect(await orders.pendingNotifications(customerId)).toEqual([{ orderId: second, customerId }])
  await orders.markNotified([])
})

test('two relays at once share the notifications, the oldest first', async () => {
  const ids = await enqueue(5)
  await orders.transaction(async (one) => {
    const mine = await one.lockNotifications(3)
    const theirs = await orders.transaction((other) => other.lockNotifications(10))
    expect(mine.map(({ orderId }) => orderId)).toEqual(ids.slice(0, 3))
    expect(theirs.map(({ orderId }) => orderId)).toEqual(ids.slice(3))
  })
})

test("locking a customer's notifications waits for whoever sends them, and then finds the rest", async () => {
  const [sent = '', unsent = ''] = await enqueue(2)
  await enqueue(1, crypto.randomUUID())
  const { promise: sending, resolve: send } = Promise.withResolvers<void>()
  const { promise: locked, resolve: tell } = Promise.withResolvers<void>()
  const relay = orders.transaction(async (transaction) => {
    await transaction.lockNotifications(1)
    tell()
    await sending
    await transaction.markNotified([sent])
  })
  await locked
  const flush = orders.transaction((transaction) => transaction.lockNotificationsOf(customerId))
  expect(await Promise.race([flush, new Promise((resolve) => setTimeout(resolve, 100, 'waits'))])).toBe('waits')
  send()
  await relay
  expect(await flush).toEqual([{ orderId: unsent, customerId }])
})

test('the relay wakes at a commit, not before it, and not at a rollback', async () => {
  await orders.waitForNotifications(0)
  const woken: string[] = []
  const waiting = orders.waitForNotifications(60_000).then(() => woken.push('woken'))
  const enqueueing = (end: () => void) =>
    orders.transaction(async (transaction) => {
      await transaction.enqueueNotification({ orderId: crypto.randomUUID(), customerId })
      end()
    })
  await expect(
    enqueueing(() => {
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(woken).toEqual([])
  await enqueueing(() => undefined)
  await waiting
})

test('a commit while nobody waits is not missed', async () => {
  await orders.waitForNotifications(0)
  await enqueue(2)
  await orders.waitForNotifications(60_000)
  const began = performance.now()
  await orders.waitForNotifications(50)
  expect(performance.now() - began).toBeGreaterThanOrEqual(45)
})

test('waiting ends with the signal', async () => {
  await orders.waitForNotifications(0)
  const reason = new Error('stop')
  const controller = new AbortController()
  const waiting = orders.waitForNotifications(60_000, { signal: controller.signal })
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  await expect(orders.waitForNotifications(0, { signal: controller.signal })).rejects.toBe(reason)
})
