import { describe, expect, test } from 'vitest'
import { type HttpRules, perOrigin, resendCount, resilientFetch } from '../../../src/adapters/fetch/index.ts'
import {
  CircuitOpenError,
  circuitBreaker,
  constant,
  DeadlineExceededError,
  fallback,
  isTransient,
  type Policy,
  pipeline,
  retry,
  TimeoutError,
  timeout,
} from '../../../src/index.ts'
import { eventually } from '../eventually.ts'
import { inTurn, reset, silence, startServer, status } from '../http-server.ts'

const quickRetry = (maxAttempts = 3) => retry({ maxAttempts, backoff: constant(5), handleError: isTransient })
const fetchThrough = (policies: readonly Policy[], rules?: HttpRules) =>
  resilientFetch(pipeline('test', policies), rules)

describe('retries', () => {
  test.each([
    ['a reset connection', reset],
    ['a status of 503', status(503)],
  ])('a GET after %s', async (_, failure) => {
    const server = await startServer(inTurn(failure, failure, status(200)))
    const response = await fetchThrough([quickRetry()])(server.origin)
    expect(await response.text()).toBe('body of 200')
    expect(server.requests).toHaveLength(3)
  })

  test('not a POST, but one with an Idempotency-Key', async () => {
    const server = await startServer(status(503))
    const send = fetchThrough([quickRetry()])
    await send(server.origin, { method: 'POST', body: 'x' })
    expect(server.requests).toHaveLength(1)
    await send(server.origin, { method: 'POST', body: 'x', headers: { 'Idempotency-Key': 'k' } })
    expect(server.requests.map(({ body }) => body)).toEqual(['x', 'x', 'x', 'x'])
    await send(server.origin, { method: 'POST', body: 'x', call: { idempotent: true } })
    expect(server.requests).toHaveLength(7)
  })

  test.each([
    ['URLSearchParams', () => new URLSearchParams({ a: '1' }), 3],
    ['a Blob', () => new Blob(['a=1']), 3],
    ['bytes', () => new TextEncoder().encode('a=1'), 3],
    ['a stream, which can be read only once', () => new Blob(['a=1']).stream(), 1],
  ])('a PUT of %s', async (_, body, attempts) => {
    const server = await startServer(status(503))
    await fetchThrough([quickRetry()])(server.origin, { method: 'PUT', body: body(), duplex: 'half' })
    expect(server.requests.map((request) => request.body)).toEqual(Array(attempts).fill('a=1'))
  })

  test('a Request without a body, not one with', async () => {
    const server = await startServer(status(503))
    const send = fetchThrough([quickRetry()])
    await send(new Request(server.origin, { headers: { 'x-own': '1' } }))
    expect(server.requests.map(({ headers }) => headers['x-own'])).toEqual(['1', '1', '1'])
    await send(new Request(server.origin, { method: 'PUT', body: 'x' }))
    expect(server.requests).toHaveLength(4)
    expect(server.requests[3]?.method).toBe('PUT')
  })

  test('each knows its number, in what the attempt calls', async () => {
    const server = await startServer(inTurn(status(503), status(200)))
    const { subscribe, unsubscribe } = await import('node:diagnostics_channel')
    const seen: number[] = []
    const listener = () => seen.push(resendCount())
    subscribe('undici:request:create', listener)
    await fetchThrough([quickRetry()])(server.origin)
    unsubscribe('undici:request:create', listener)
    expect(seen).toEqual([0, 1])
  })
})

describe('responses', () => {
  test.each([10, 300_000])(
    'the last one is returned when all failed, with its whole body of %i bytes',
    async (size) => {
      const server = await startServer(status(503, { 'x-reply': 'mine' }, 'x'.repeat(size)))
      const response = await fetchThrough([quickRetry()])(server.origin)
      expect(response.status).toBe(503)
      expect(response.url).toBe(`${server.origin}/`)
      expect(response.headers.get('x-reply')).toBe('mine')
      expect(await response.text()).toHaveLength(size)
    },
  )

  test('no policy cuts a body that follows a success', async () => {
    const server = await startServer((response) => {
      response.writeHead(200).write('begin ')
      setTimeout(() => response.end('end'), 1_500)
    })
    const response = await fetchThrough([timeout(1_200), quickRetry(), timeout(1_000)])(server.origin)
    expect(await response.text()).toBe('begin end')
  })

  test('a fallback may answer', async () => {
    const server = await startServer(status(503))
    const send = resilientFetch(pipeline('test', [fallback(() => new Response('spare')), quickRetry()]))
    expect(await (await send(server.origin)).text()).toBe('spare')
  })

  test('connections are used again after failed attempts', async () => {
    const server = await startServer((response, _, index) =>
      response.writeHead(index % 2 === 0 ? 503 : 200).end('x'.repeat(1_000)),
    )
    const send = fetchThrough([retry({ backoff: constant(20), handleError: isTransient })])
    for (let index = 0; index < 10; index++) expect(await (await send(server.origin)).text()).toHaveLength(1_000)
    expect(server.requests).toHaveLength(20)
    expect(server.sockets.size).toBeLessThanOrEqual(3)
  })
})

describe('time', () => {
  test('an attempt without an answer is given up and its connection closed', async () => {
    const server = await startServer(inTurn(silence, status(200)))
    const response = await fetchThrough([quickRetry(), timeout(1_000)])(server.origin)
    expect(response.status).toBe(200)
    expect(await server.requests[0]!.closed).toBe('cut')
  })

  test('the whole request is bounded', async () => {
    const server = await startServer(silence)
    await expect(fetchThrough([timeout(100), quickRetry()])(server.origin)).rejects.toThrow(TimeoutError)
  })

  test('the deadline travels, and one in the header is the deadline', async () => {
    const server = await startServer(inTurn(status(200), silence))
    const send = fetchThrough([timeout(60_000)])
    await send(server.origin)
    expect(Number(server.requests[0]?.headers['x-deadline-ms'])).toBeGreaterThan(30_000)
    await expect(send(server.origin, { headers: { 'x-deadline-ms': '100' } })).rejects.toThrow(DeadlineExceededError)
    await expect(send(server.origin, { call: { deadline: Date.now() + 100 } })).rejects.toThrow(DeadlineExceededError)
  })

  test('Retry-After beyond the limit: the response is returned at once', async () => {
    const server = await startServer(status(503, { 'retry-after': '3600' }))
    const response = await fetchThrough([retry({ handleError: isTransient })])(server.origin)
    expect(response.status).toBe(503)
    expect(server.requests).toHaveLength(1)
  })
})

describe('cancelling', () => {
  test('gives the caller its own reason, during an attempt', async () => {
    const server = await startServer(silence)
    const reason = new Error('enough')
    const controller = new AbortController()
    const sent = fetchThrough([quickRetry()])(server.origin, { signal: controller.signal })
    sent.catch(() => {})
    await eventually(() => server.requests.length).toBe(1)
    controller.abort(reason)
    await expect(sent).rejects.toBe(reason)
    expect(await server.requests[0]!.closed).toBe('cut')
    expect(server.requests).toHaveLength(1)
  })

  test('by the signal of a Request, while it waits for the next attempt', async () => {
    const server = await startServer(status(503))
    const send = fetchThrough([retry({ backoff: constant(60_000), handleError: isTransient })])
    const reason = new Error('enough')
    await expect(send(new Request(server.origin, { signal: abortedIn(100, reason) }))).rejects.toThrow('enough')
  })

  test('while the body is read', async () => {
    const server = await startServer((response) => response.writeHead(200).write('begin'))
    const reason = new Error('enough')
    const controller = new AbortController()
    const response = await fetchThrough([timeout(60_000)])(server.origin, { signal: controller.signal })
    setTimeout(() => controller.abort(reason), 50)
    await expect(response.text()).rejects.toBe(reason)
    expect(await server.requests[0]!.closed).toBe('cut')
  })
})

test('each origin has its own circuit breaker', async () => {
  const broken = await startServer(status(503))
  const sound = await startServer(status(200))
  const send = resilientFetch(
    perOrigin('test', () => [circuitBreaker({ consecutiveFailures: 2, handleError: isTransient })]),
  )
  await send(broken.origin)
  await send(broken.origin)
  await expect(send(broken.origin)).rejects.toThrow(CircuitOpenError)
  expect((await send(sound.origin)).status).toBe(200)
})

test('without a word there are sensible policies', async () => {
  const server = await startServer(inTurn(reset, status(200)))
  expect((await resilientFetch()(server.origin)).status).toBe(200)
})

test('a URL that is none is a rejection, as with fetch', async () => {
  await expect(resilientFetch()('nonsense')).rejects.toThrow(TypeError)
})

function abortedIn(delay: number, reason: Error): AbortSignal {
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), delay)
  return controller.signal
}
