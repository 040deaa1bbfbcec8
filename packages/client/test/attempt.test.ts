import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { attemptOrder } from '../src/run/attempt.ts'

let server: Server
let dispatcher: Agent
let answer: RequestListener

beforeEach(async () => {
  server = createServer((request, response) => {
    request.resume()
    answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  dispatcher = new Agent()
})

afterEach(async () => {
  await dispatcher.destroy()
  server.closeAllConnections()
  server.close()
})

function attempt(signal = new AbortController().signal) {
  const { port } = server.address() as AddressInfo
  const body = { customerId: 'c', items: [{ id: 'burger', quantity: 1 }] }
  return attemptOrder({ url: `http://127.0.0.1:${port}`, headers: {}, body, dispatcher, signal })
}

test('a success carries the order, money in cents', async () => {
  answer = (_request, response) =>
    response.writeHead(201).end(JSON.stringify({ orderId: 'o', amount: 19.8, discountPercentage: 1 }))
  expect(await attempt()).toEqual({
    status: 201,
    retryable: false,
    reply: { orderId: 'o', amountInCents: 1980, discountPercentage: 1, degraded: false },
  })
})

test.each([
  [503, true],
  [500, true],
  [429, true],
  [409, true],
  [400, false],
  [422, false],
])('a %i is worth another attempt: %s', async (status, retryable) => {
  answer = (_request, response) => response.writeHead(status).end()
  expect(await attempt()).toMatchObject({
    ...{ status, retryable, failure: `answered ${status}`, errorType: String(status) },
  })
})

test('a Retry-After is honoured, in milliseconds', async () => {
  answer = (_request, response) => response.writeHead(503, { 'retry-after': '2' }).end()
  expect(await attempt()).toMatchObject({ retryAfter: 2_000 })
})

test('a 201 that holds no order is told as such, and is final', async () => {
  answer = (_request, response) => response.writeHead(201).end('{"id": 1}')
  expect(await attempt()).toMatchObject({
    ...{ retryable: false, failure: 'answered 201 with a body that is no order', errorType: 'InvalidReply' },
  })
})

test('a connection that closes without a reply is lost', async () => {
  answer = (request) => request.socket.destroy()
  expect(await attempt()).toMatchObject({
    ...{ retryable: true, failure: expect.stringContaining('lost'), errorType: 'UND_ERR_SOCKET' },
  })
})

test('nothing that listens is refused', async () => {
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  const body = { customerId: 'c', items: [] }
  const { signal } = new AbortController()
  const result = await attemptOrder({ url: `http://127.0.0.1:${port}`, headers: {}, body, dispatcher, signal })
  expect(result).toMatchObject({
    ...{ retryable: true, failure: expect.stringContaining('refused'), errorType: 'ECONNREFUSED' },
  })
})

test('an answer that does not come in time has timed out', async () => {
  answer = () => {}
  const late = await attempt(AbortSignal.timeout(50))
  expect(late).toMatchObject({ retryable: true, failure: 'timed out', errorType: 'TimeoutError' })
  const ended = await attempt(AbortSignal.abort(new Error('the run ended')))
  expect(ended).toMatchObject({ errorType: 'AbortError' })
})
