import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { isTransient } from '@chaos-kitchen/resilience'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createConnections, HttpClient } from '../src/clients/http-client.ts'
import { createLoyaltyClient } from '../src/clients/loyalty-client.ts'
import { createMenuClient } from '../src/clients/menu-client.ts'
import { DownstreamError } from '../src/index.ts'

let server: Server
let answer: RequestListener
let base: string
let asked: string[]
let connections: ReturnType<typeof createConnections>

beforeEach(async () => {
  asked = []
  connections = createConnections()
  server = createServer((request, reply) => {
    asked.push(`${request.method} ${request.url}`)
    answer(request, reply)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  base = `http://127.0.0.1:${address.port}`
})

afterEach(async () => {
  await connections.destroy()
  server.closeAllConnections()
  server.close()
})

const menu = () => createMenuClient(new HttpClient('menu', base, connections))
const loyalty = () => createLoyaltyClient(new HttpClient('loyalty', base, connections))

async function failure(call: Promise<unknown>): Promise<DownstreamError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(DownstreamError)
  if (!(error instanceof DownstreamError)) throw error
  return error
}

test('an item comes with its price in cents', async () => {
  answer = (_request, reply) => reply.end('{"id":"coke","name":"Coke","price":2.55}')
  expect(await menu().item('coke')).toEqual({ id: 'coke', name: 'Coke', priceInCents: 255 })
})

test('an item id stays one part of the path, whatever is in it', async () => {
  answer = (_request, reply) => reply.end('{"id":"x","name":"X","price":1}')
  await menu().item('../a b/é?#')
  expect(asked).toEqual(['GET /items/..%2Fa%20b%2F%C3%A9%3F%23'])
})

test('the discount, and telling of an order, which has no body', async () => {
  answer = (request, reply) =>
    request.method === 'PUT' ? reply.writeHead(204).end() : reply.end('{"discountPercentage":3}')
  expect(await loyalty().discount('c')).toBe(3)
  expect(await loyalty().recordOrder('c', 'o')).toBeUndefined()
  expect(asked).toEqual(['GET /customers/c/discount', 'PUT /customers/c/orders/o'])
})

test('connections are kept', async () => {
  answer = (_request, reply) => reply.end('{"discountPercentage":3}')
  let opened = 0
  server.on('connection', () => opened++)
  for (let call = 0; call < 20; call++) await loyalty().discount('c')
  expect(opened).toBeLessThanOrEqual(3)
})

test('a status is told, with what Retry-After asks for', async () => {
  answer = (_request, reply) => reply.writeHead(503, { 'retry-after': '2' }).end('{}')
  const busy = await failure(loyalty().discount('c'))
  expect(busy).toMatchObject({ service: 'loyalty', status: 503, retryAfter: 2_000 })
  expect(isTransient(busy)).toBe(true)

  answer = (_request, reply) => reply.writeHead(404).end('{}')
  const unknown = await failure(menu().item('pizza'))
  expect(unknown).toMatchObject({ status: 404, message: 'menu answered 404 to GET /items/pizza' })
  expect(isTransient(unknown)).toBe(false)
})

test.each<[string, RequestListener | undefined]>([
  ['nobody there', undefined],
  ['a connection that is reset', (request) => request.socket.resetAndDestroy()],
  ['a connection that is closed', (request) => request.socket.destroy()],
  [
    'a reply that breaks off',
    (request, reply) => {
      reply.writeHead(200, { 'content-length': 100 })
      reply.write('{"id":')
      setTimeout(() => request.socket.destroy(), 20)
    },
  ],
])('%s: no status, and worth another attempt', async (_name, listener) => {
  if (listener) answer = listener
  else server.close()
  const error = await failure(menu().item('burger'))
  expect(error.status).toBeUndefined()
  expect(error.message).toMatch(/^menu did not answer GET \/items\/burger: ./)
  expect(isTransient(error)).toBe(true)
  expect(asked).toHaveLength(listener ? 1 : 0)
})

test.each([
  'nonsense',
  '{"id":"burger"}',
  '{"id":"burger","name":"B","price":"10"}',
  '{"id":"b","name":"B","price":-1}',
])('a 200 with %s is an error', async (text) => {
  answer = (_request, reply) => reply.end(text)
  expect((await failure(menu().item('burger'))).message).toContain('unexpected body')
})

test('aborting ends the call with the reason, and the connection', async () => {
  answer = () => undefined
  const controller = new AbortController()
  const reason = new Error('enough')
  const call = menu().item('burger', { signal: controller.signal })
  const [request] = await once(server, 'request')
  const closed = once(request.socket, 'close')
  controller.abort(reason)
  await expect(call).rejects.toBe(reason)
  await closed
})

test('aborting while the body comes ends the call as well', async () => {
  answer = (_request, reply) => {
    reply.writeHead(200, { 'content-length': 100 })
    reply.write('{"id":')
  }
  const controller = new AbortController()
  const reason = new Error('enough')
  const call = menu().item('burger', { signal: controller.signal })
  await once(server, 'request')
  setTimeout(() => controller.abort(reason), 50)
  await expect(call).rejects.toBe(reason)
})
