import { once } from 'node:events'
import { Readable } from 'node:stream'
import { Agent, interceptors, request } from 'undici'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  callOptions,
  formatDeadline,
  type HttpRules,
  httpPolicies,
  perOrigin,
  resendCount,
  resilienceInterceptor,
  resilientDispatcher,
} from '../../../src/adapters/undici/index.ts'
import {
  bulkhead,
  CircuitOpenError,
  circuitBreaker,
  constant,
  DeadlineExceededError,
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

function dispatcherOf(policies: readonly Policy[], rules?: HttpRules) {
  const agent = new Agent()
  onTestFinished(() => agent.destroy())
  return resilientDispatcher(agent, pipeline('test', policies), rules)
}

describe('retries', () => {
  test.each([
    ['a reset connection', reset],
    ['a status of 503', status(503)],
    ['a status of 429', status(429)],
  ])('a GET after %s', async (_, failure) => {
    const server = await startServer(inTurn(failure, failure, status(200)))
    const reply = await request(server.origin, { dispatcher: dispatcherOf([quickRetry()]) })
    expect(reply.statusCode).toBe(200)
    expect(await reply.body.text()).toBe('body of 200')
    expect(server.requests).toHaveLength(3)
  })

  test.each([404, 400, 501])('not a status of %i', async (code) => {
    const server = await startServer(status(code))
    const reply = await request(server.origin, { dispatcher: dispatcherOf([quickRetry()]) })
    expect(reply.statusCode).toBe(code)
    expect(server.requests).toHaveLength(1)
  })

  test('not a POST: once may be enough', async () => {
    const server = await startServer(status(503))
    const reply = await request(server.origin, { method: 'POST', body: 'x', dispatcher: dispatcherOf([quickRetry()]) })
    expect(reply.statusCode).toBe(503)
    expect(server.requests).toHaveLength(1)
  })

  test.each([
    ['an object', { 'Idempotency-Key': 'k1' }],
    ['a flat list', ['Idempotency-Key', 'k1']],
    ['Headers', new Headers({ 'Idempotency-Key': 'k1' })],
    ['entries', new Map([['Idempotency-Key', 'k1']])],
  ])(
    'undici ignores an Idempotency-Key: here a POST with one is retried, the key and the body the same (headers as %s)',
    async (_, headers) => {
      const server = await startServer(inTurn(reset, status(503), status(201)))
      const dispatcher = dispatcherOf([quickRetry()])
      const reply = await request(server.origin, { method: 'POST', headers, body: '{"a":1}', dispatcher })
      expect(reply.statusCode).toBe(201)
      expect(server.requests.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}', '{"a":1}'])
      expect(server.requests.map((each) => each.headers['idempotency-key'])).toEqual(['k1', 'k1', 'k1'])
    },
  )

  test("undici's own retry sends a POST with an Idempotency-Key once", async () => {
    const server = await startServer(inTurn(status(503), status(201)))
    const agent = new Agent()
    onTestFinished(() => agent.destroy())
    const dispatcher = agent.compose(interceptors.retry({ minTimeout: 1, maxRetries: 2 }))
    const sent = request(server.origin, { method: 'POST', headers: { 'idempotency-key': 'k' }, body: 'x', dispatcher })
    await sent.catch(() => {})
    expect(server.requests).toHaveLength(1)
  })

  test('what the caller says goes before method and key', async () => {
    const server = await startServer(status(503))
    const dispatcher = dispatcherOf([quickRetry()])
    await request(server.origin, { method: 'POST', body: 'x', dispatcher, ...callOptions({ idempotent: true }) })
    expect(server.requests).toHaveLength(3)
    await request(server.origin, { dispatcher, ...callOptions({ idempotent: false }) })
    expect(server.requests).toHaveLength(4)
  })

  test('never a body that can be read only once, but a buffer', async () => {
    const server = await startServer(status(503))
    const dispatcher = dispatcherOf([quickRetry()])
    await request(server.origin, { method: 'PUT', body: Readable.from(['x']), dispatcher })
    expect(server.requests).toHaveLength(1)
    await request(server.origin, { method: 'PUT', body: Buffer.from('xyz'), dispatcher })
    expect(server.requests.map(({ body }) => body)).toEqual(['x', 'xyz', 'xyz', 'xyz'])
  })

  test('each knows its number', async () => {
    const seen: number[] = []
    const server = await startServer(inTurn(status(503), status(503), status(200)))
    const agent = new Agent()
    onTestFinished(() => agent.destroy())
    const counting = agent.compose((dispatch) => (options, handler) => {
      seen.push(resendCount())
      return dispatch(options, handler)
    })
    await request(server.origin, { dispatcher: resilientDispatcher(counting, pipeline('test', [quickRetry()])) })
    expect(seen).toEqual([0, 1, 2])
    expect(resendCount()).toBe(0)
  })
})

describe('replies', () => {
  test('the last one is given to the caller when all failed, with its whole body', async () => {
    const body = 'x'.repeat(300_000)
    const server = await startServer(status(503, { 'x-reply': 'mine' }, body))
    const reply = await request(server.origin, { dispatcher: dispatcherOf([quickRetry()]) })
    expect(reply.statusCode).toBe(503)
    expect(reply.headers['x-reply']).toBe('mine')
    expect(await reply.body.text()).toBe(body)
  })

  test('a large body is streamed with back-pressure, though it comes long after the timeout', async () => {
    const server = await startServer(async (response) => {
      response.writeHead(200)
      for (let index = 0; index < 20; index++) {
        if (!response.write(Buffer.alloc(100_000, index))) await once(response, 'drain')
        if (index === 10) await new Promise((resolve) => setTimeout(resolve, 1_400))
      }
      response.end()
    })
    const reply = await request(server.origin, { dispatcher: dispatcherOf([quickRetry(), timeout(1_000)]) })
    let length = 0
    for await (const chunk of reply.body) length += chunk.length
    expect(length).toBe(2_000_000)
    expect(server.requests).toHaveLength(1)
  })

  test('a body that breaks off is an error of the body, and no reason to send the request again', async () => {
    const server = await startServer((response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('half')
      setTimeout(() => response.socket?.destroy(), 50)
    })
    const reply = await request(server.origin, { dispatcher: dispatcherOf([quickRetry()]) })
    await expect(reply.body.text()).rejects.toThrow()
    expect(server.requests).toHaveLength(1)
  })

  test('connections are used again after failed attempts', async () => {
    const server = await startServer((response, _, index) =>
      response.writeHead(index % 2 === 0 ? 503 : 200).end('x'.repeat(1_000)),
    )
    const dispatcher = dispatcherOf([quickRetry()])
    for (let index = 0; index < 10; index++) {
      const reply = await request(server.origin, { dispatcher })
      await reply.body.dump()
      expect(reply.statusCode).toBe(200)
    }
    expect(server.requests).toHaveLength(20)
    expect(server.sockets.size).toBeLessThanOrEqual(2)
  })
})

describe('Retry-After', () => {
  test('undici clamps a long Retry-After and comes too early: here the call gives up at once and tells the reply', async () => {
    const server = await startServer(status(503, { 'retry-after': '120' }))
    const dispatcher = dispatcherOf([retry({ maxRetryAfter: 1_000, handleError: isTransient })])
    const reply = await request(server.origin, { dispatcher })
    expect(reply.statusCode).toBe(503)
    expect(reply.headers['retry-after']).toBe('120')
    expect(server.requests).toHaveLength(1)
  })

  test("undici's own retry comes earlier than it was asked to", async () => {
    const server = await startServer(inTurn(status(503, { 'retry-after': '120' }), status(200)))
    const agent = new Agent()
    onTestFinished(() => agent.destroy())
    const dispatcher = agent.compose(interceptors.retry({ minTimeout: 1, maxTimeout: 50, maxRetries: 1 }))
    const reply = await request(server.origin, { dispatcher })
    expect(reply.statusCode).toBe(200)
  })

  test('seconds are waited for', async () => {
    const server = await startServer(inTurn(status(429, { 'retry-after': '1' }), status(200)))
    const reply = await request(server.origin, { dispatcher: dispatcherOf([quickRetry()]) })
    expect(reply.statusCode).toBe(200)
    const [first, second] = server.requests
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(990)
  })

  test('so are dates', async () => {
    // Dates have whole seconds: two seconds on from now is between one and two away.
    const date = () => new Date(Date.now() + 2_000).toUTCString()
    const server = await startServer(
      inTurn((response) => response.writeHead(503, { 'retry-after': date() }).end(), status(200)),
    )
    const reply = await request(server.origin, { dispatcher: dispatcherOf([quickRetry()]) })
    expect(reply.statusCode).toBe(200)
    const [first, second] = server.requests
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(900)
  })
})

describe('time', () => {
  test('an attempt without an answer is given up and its connection closed', async () => {
    const server = await startServer(inTurn(silence, status(200)))
    const reply = await request(server.origin, { dispatcher: dispatcherOf([quickRetry(), timeout(1_000)]) })
    expect(reply.statusCode).toBe(200)
    expect(await server.requests[0]!.closed).toBe('cut')
  })

  test('the whole request is bounded', async () => {
    const server = await startServer(silence)
    await expect(request(server.origin, { dispatcher: dispatcherOf([timeout(1_000), quickRetry()]) })).rejects.toThrow(
      TimeoutError,
    )
    expect(await server.requests[0]!.closed).toBe('cut')
  })

  test('each attempt tells the callee how much is left', async () => {
    const server = await startServer(inTurn(status(503), status(200)))
    const dispatcher = dispatcherOf([timeout(60_000), retry({ backoff: constant(50), handleError: isTransient })])
    await request(server.origin, { dispatcher })
    const [first, second] = server.requests.map(({ headers }) => Number(headers['x-deadline-ms']))
    expect(first).toBeLessThanOrEqual(60_000)
    expect(first).toBeGreaterThan(30_000)
    expect(second).toBeLessThan(first!)
  })

  test('in a header of another name, or in none', async () => {
    const server = await startServer(status(200))
    const policies = [timeout(60_000)]
    await request(server.origin, { dispatcher: dispatcherOf(policies, { deadlineHeader: 'X-Timeout' }) })
    await request(server.origin, { dispatcher: dispatcherOf(policies, { deadlineHeader: false }) })
    await request(server.origin, { dispatcher: dispatcherOf([]) })
    expect(server.requests.map(({ headers }) => 'x-timeout' in headers)).toEqual([true, false, false])
    expect(server.requests.map(({ headers }) => 'x-deadline-ms' in headers)).toEqual([false, false, false])
  })

  test('a deadline in the call options ends the request', async () => {
    const server = await startServer(silence)
    const deadline = Date.now() + 100
    const sent = request(server.origin, { dispatcher: dispatcherOf([quickRetry()]), ...callOptions({ deadline }) })
    await expect(sent).rejects.toThrow(DeadlineExceededError)
  })

  test('so does one that the caller wrote into the header', async () => {
    const server = await startServer(silence)
    const headers = { 'X-Deadline-Ms': formatDeadline(Date.now() + 100) }
    await expect(request(server.origin, { dispatcher: dispatcherOf([]), headers })).rejects.toThrow(
      DeadlineExceededError,
    )
  })
})

describe('cancelling', () => {
  test('while an attempt is under way', async () => {
    const server = await startServer(silence)
    const controller = new AbortController()
    const sent = request(server.origin, { dispatcher: dispatcherOf([quickRetry()]), signal: controller.signal })
    sent.catch(() => {})
    await eventually(() => server.requests.length).toBe(1)
    controller.abort(new Error('enough'))
    await expect(sent).rejects.toThrow('enough')
    expect(await server.requests[0]!.closed).toBe('cut')
    expect(server.requests).toHaveLength(1)
  })

  test('while it waits for the next attempt', async () => {
    const server = await startServer(status(503))
    const controller = new AbortController()
    const dispatcher = dispatcherOf([retry({ backoff: constant(60_000), handleError: isTransient })])
    const sent = request(server.origin, { dispatcher, signal: controller.signal })
    setTimeout(() => controller.abort(new Error('enough')), 100)
    await expect(sent).rejects.toThrow('enough')
  })

  test('while it waits for a place frees the queue', async () => {
    const server = await startServer((response) => setTimeout(() => response.end('done'), 200))
    const limit = bulkhead({ maxConcurrent: 1, maxQueued: 1 })
    const dispatcher = dispatcherOf([limit])
    const controller = new AbortController()
    const first = request(server.origin, { dispatcher })
    const second = request(server.origin, { dispatcher, signal: controller.signal })
    expect(limit.queued).toBe(1)
    controller.abort(new Error('enough'))
    await expect(second).rejects.toThrow('enough')
    expect(limit.queued).toBe(0)
    expect(await (await first).body.text()).toBe('done')
    expect(server.requests).toHaveLength(1)
  })

  test('while the body is read', async () => {
    const server = await startServer((response) => response.writeHead(200).write('begin'))
    const controller = new AbortController()
    const reply = await request(server.origin, {
      dispatcher: dispatcherOf([timeout(60_000)]),
      signal: controller.signal,
    })
    setTimeout(() => controller.abort(new Error('enough')), 50)
    await expect(reply.body.text()).rejects.toThrow('enough')
    expect(await server.requests[0]!.closed).toBe('cut')
  })
})

describe('origins', () => {
  test('each has its own circuit breaker', async () => {
    const broken = await startServer(status(503))
    const sound = await startServer(status(200))
    const agent = new Agent()
    onTestFinished(() => agent.destroy())
    const target = perOrigin('test', () => [circuitBreaker({ consecutiveFailures: 2, handleError: isTransient })])
    const dispatcher = resilientDispatcher(agent, target)
    for (let index = 0; index < 2; index++) expect((await request(broken.origin, { dispatcher })).statusCode).toBe(503)
    await expect(request(broken.origin, { dispatcher })).rejects.toThrow(CircuitOpenError)
    expect((await request(sound.origin, { dispatcher })).statusCode).toBe(200)
    expect(broken.requests).toHaveLength(2)
  })

  test('the registry is bounded, and forgets the one that was not used for longest', () => {
    const made: string[] = []
    const registry = perOrigin(
      'test',
      (origin) => {
        made.push(origin)
        return []
      },
      { maxOrigins: 2 },
    )
    const a = registry.for('a')
    registry.for('b')
    expect(registry.for('a')).toBe(a)
    registry.for('c')
    expect(registry.for('a')).toBe(a)
    registry.for('b')
    expect(made).toEqual(['a', 'b', 'c', 'b'])
  })

  test('without a word there are sensible policies', async () => {
    const server = await startServer(inTurn(reset, status(200)))
    const agent = new Agent()
    onTestFinished(() => agent.destroy())
    const reply = await request(server.origin, { dispatcher: agent.compose(resilienceInterceptor()) })
    expect(reply.statusCode).toBe(200)
    expect(httpPolicies().map(({ kind }) => kind)).toEqual(['timeout', 'retry', 'circuitBreaker', 'timeout'])
  })
})

test('a wrong argument is told at once', () => {
  expect(() => resilienceInterceptor(pipeline('x', []), { deadlineHeader: '' })).toThrow('deadlineHeader')
  // @ts-expect-error there is no such rule
  expect(() => resilienceInterceptor(pipeline('x', []), { isFailur: () => true })).toThrow('did you mean isFailure')
})
