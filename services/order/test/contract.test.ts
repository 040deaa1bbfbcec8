import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import {
  BulkheadFullError,
  bulkhead,
  CircuitOpenError,
  pipeline,
  rateLimit,
  TimeoutError,
} from '@chaos-kitchen/resilience'
import { createService, readEnvironment, type Service } from '@chaos-kitchen/service'
import { startTestPostgres, type TestPostgres, untilReady } from '@chaos-kitchen/service/testing'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  DownstreamError,
  HttpProblem,
  type OrderContext,
  type OrderReply,
  type OrderService,
  type OrderServiceFactory,
} from '../src/index.ts'
import { OrderEnvironment, orderServiceBy } from '../src/order-service.ts'

/** What the order service promises to implementations, seen through ones that watch it. */
let postgres: TestPostgres
let databaseUrl: string
let callee: Server
let asked: IncomingMessage[] = []
let service: Service | undefined

beforeAll(async () => {
  postgres = await startTestPostgres()
  databaseUrl = await postgres.createDatabase('contract')
  callee = createServer((request, reply) => {
    asked.push(request)
    reply.end(JSON.stringify({ id: 'burger', name: 'Burger', price: 10 }))
  })
  callee.listen(0, '127.0.0.1')
  await once(callee, 'listening')
})

afterAll(async () => {
  callee?.close()
  await postgres?.stop()
})

afterEach(async () => {
  await service?.stop(100)
  asked = []
})

const reply: OrderReply = { orderId: crypto.randomUUID(), amount: 1, discountPercentage: 0 }
const body = JSON.stringify({ customerId: crypto.randomUUID(), items: [{ id: 'burger', quantity: 1 }] })

async function serve(factory: OrderServiceFactory): Promise<string> {
  const address = callee.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  const environment = readEnvironment(OrderEnvironment, {
    SERVICE_NAME: 'order',
    PORT: '0',
    LOG_LEVEL: 'silent',
    KITCHEN: '1',
    DATABASE_URL: databaseUrl,
    MENU_URL: `http://127.0.0.1:${address.port}`,
    LOYALTY_URL: `http://127.0.0.1:${address.port}`,
  })
  service = await createService(orderServiceBy(factory, environment), environment)
  const url = await service.listen()
  await untilReady(url)
  return url
}

const serving = (placeOrder: OrderService['placeOrder'], more: Partial<OrderService> = {}) =>
  serve(() => ({ placeOrder, ...more }))

const post = (url: string, headers: Record<string, string> = {}, signal: AbortSignal | null = null) =>
  fetch(`${url}/orders`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body, signal })

const ended = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) => signal.addEventListener('abort', () => resolve(signal.reason), { once: true }))

test('the request, the key and the deadline arrive as they were sent', async () => {
  let seen: OrderContext | undefined
  const url = await serving(async (_request, context) => {
    seen = context
    return reply
  })
  const began = Date.now()
  const answer = await post(url, { 'idempotency-key': 'k', 'x-deadline-ms': '60000' })
  expect([answer.status, await answer.json()]).toEqual([201, reply])
  expect(seen?.idempotencyKey).toBe('k')
  expect(seen?.deadline).toBeGreaterThanOrEqual(began + 60_000)
  expect(seen?.deadline).toBeLessThanOrEqual(Date.now() + 60_000)
  expect(seen?.signal.aborted).toBe(false)

  await post(url)
  expect(seen).toMatchObject({ idempotencyKey: undefined, deadline: undefined })
  // After a success nothing is aborted, however the connection ends.
  await service?.stop(100)
  expect(seen?.signal.aborted).toBe(false)
})

test('a caller that goes away aborts the signal', async () => {
  const { promise: reason, resolve } = Promise.withResolvers<unknown>()
  const { promise: started, resolve: start } = Promise.withResolvers<void>()
  const url = await serving(async (_request, { signal }) => {
    start()
    resolve(await ended(signal))
    throw signal.reason
  })
  const caller = new AbortController()
  const call = post(url, {}, caller.signal)
  await started
  caller.abort()
  await expect(call).rejects.toThrow()
  expect(await reason).toMatchObject({ name: 'CallerGoneError', status: 499 })
})

test('a deadline that passes aborts the signal and is a 504', async () => {
  const url = await serving(async (_request, { signal }) => {
    await ended(signal)
    throw signal.reason
  })
  const answer = await post(url, { 'x-deadline-ms': '100' })
  expect(answer.status).toBe(504)
  expect(await answer.json()).toMatchObject({ type: 'urn:chaos-kitchen:problem:deadline-exceeded' })
})

test('what is left of the deadline is passed on, and nothing where there is none', async () => {
  const url = await serve(({ menu }) => ({
    async placeOrder(_request, context) {
      await menu.item('burger', context)
      return reply
    },
  }))
  await post(url, { 'x-deadline-ms': '60000' })
  await post(url)
  const [limited, unlimited] = asked.map(({ headers }) => headers['x-deadline-ms'])
  expect(Number(limited)).toBeGreaterThan(30_000)
  expect(Number(limited)).toBeLessThanOrEqual(60_000)
  expect(unlimited).toBeUndefined()
})

test('a full bulkhead at the door is a 503 with Retry-After, before any work', async () => {
  let placed = 0
  const { promise: finished, resolve: finish } = Promise.withResolvers<void>()
  const { promise: started, resolve: start } = Promise.withResolvers<void>()
  const admission = pipeline('admission', [bulkhead({ maxConcurrent: 1, maxQueued: 0 })])
  const place = async () => {
    placed++
    start()
    await finished
    return reply
  }
  const url = await serving(place, { admission })
  const first = post(url)
  await started
  const second = await post(url)
  expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await second.json()).toMatchObject({ type: 'urn:chaos-kitchen:problem:not-admitted' })
  finish()
  expect((await first).status).toBe(201)
  expect(placed).toBe(1)
})

test('a rate limit at the door is a 429 that says when to come back', async () => {
  const admission = pipeline('admission', [rateLimit({ limit: 1, interval: 60_000 })])
  const url = await serving(async () => reply, { admission })
  expect((await post(url)).status).toBe(201)
  const second = await post(url)
  expect(second.status).toBe(429)
  expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(1)
})

const origin = { pipeline: 'menu', policy: 'p' }

test.each<[string, number, string | null, unknown]>([
  ['a timeout', 504, null, new TimeoutError(origin, 500)],
  ['an open circuit', 503, '3', new CircuitOpenError(origin, 'open', { retryAfter: 2_500 })],
  ['a full bulkhead further in', 503, '1', new BulkheadFullError(origin, 'full')],
  ['AbortSignal.timeout()', 504, null, new DOMException('too long', 'TimeoutError')],
  ['no answer', 502, null, new DownstreamError('menu', 'is away')],
  ['a 500 of menu', 502, null, new DownstreamError('menu', 'failed', { status: 500 })],
  ['a 503 of menu', 503, '4', new DownstreamError('menu', 'is busy', { status: 503, retryAfter: 4_000 })],
  ['a 429 of menu', 503, '1', new DownstreamError('menu', 'is busy', { status: 429 })],
  ['a 404 that nobody thought of', 500, null, new DownstreamError('menu', 'has none', { status: 404 })],
  ['a problem of its own', 409, null, new HttpProblem(409, { detail: 'No.' })],
  ['anything else', 500, null, new RangeError('secret')],
  ['no error at all', 500, null, undefined],
])('%s, let through, is a %i', async (_name, status, retryAfter, error) => {
  // Inside of an admission, which must not take it for its own.
  const admission = pipeline('admission', [bulkhead({ maxConcurrent: 1 })])
  const url = await serving(() => Promise.reject(error), { admission })
  const answer = await post(url)
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter])
  const text = await answer.text()
  expect(JSON.parse(text)).toMatchObject({ status })
  expect(text).not.toMatch(/secret|not-admitted|\.ts/)
})

test('a relay has another round when it failed, left something or is done, and is told when to end', async () => {
  const runs: string[] = []
  const { promise: steady, resolve: settle } = Promise.withResolvers<void>()
  await serving(async () => reply, {
    async relay({ signal }) {
      runs.push('run')
      if (runs.length === 1) throw new Error('first')
      if (runs.length < 4) return runs.length === 3
      settle()
      await ended(signal)
      runs.push('told to end')
      return true
    },
  })
  await steady
  await service?.stop(5_000)
  expect(runs).toEqual(['run', 'run', 'run', 'run', 'told to end'])
})

test('a reset starts the implementation anew, its relay included', async () => {
  const made: number[] = []
  const relays: string[] = []
  const url = await serve(() => {
    const number = made.push(made.length)
    return {
      placeOrder: async () => ({ ...reply, amount: number }),
      async relay({ signal }) {
        relays.push(`${number} starts`)
        await ended(signal)
        relays.push(`${number} ends`)
        return true
      },
    }
  })
  expect(await (await post(url)).json()).toMatchObject({ amount: 1 })
  expect((await fetch(`${url}/test/reset`, { method: 'POST' })).status).toBe(204)
  expect(await (await post(url)).json()).toMatchObject({ amount: 2 })
  await expect.poll(() => relays, { timeout: 10_000 }).toEqual(['1 starts', '1 ends', '2 starts'])
})
