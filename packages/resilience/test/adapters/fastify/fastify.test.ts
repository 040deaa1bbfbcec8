import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import { request } from 'undici'
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest'
import { type Problem, type ResiliencePluginOptions, resilience } from '../../../src/adapters/fastify/index.ts'
import { bulkhead, circuitBreaker, type Policy, pipeline, retry, timeout } from '../../../src/index.ts'
import { eventually } from '../eventually.ts'

async function serve(
  options: ResiliencePluginOptions,
  routes: (app: FastifyInstance) => unknown,
  server = Fastify({ forceCloseConnections: true }),
): Promise<string> {
  await server.register(resilience, options)
  await routes(server)
  onTestFinished(() => server.close())
  return server.listen({ port: 0, host: '127.0.0.1' })
}

const admit = (...policies: readonly Policy[]) => pipeline('inbound', policies)

describe('deadlines', () => {
  test('the header becomes request.deadline, and what calls are told', async () => {
    const origin = await serve({}, (app) =>
      app.get('/', (request) => ({ left: (request.deadline ?? 0) - Date.now(), options: request.callOptions })),
    )
    const reply = await request(origin, { headers: { 'x-deadline-ms': '60000' } })
    const { left, options } = (await reply.body.json()) as { left: number; options: { deadline: number } }
    expect(left).toBeGreaterThan(30_000)
    expect(left).toBeLessThanOrEqual(60_000)
    expect(options).toMatchObject({ priority: 'normal', deadline: expect.any(Number), signal: {} })
  })

  test.each([undefined, '', 'soon', '-1', '1.5', '1e3'])('a header of %j sets none', async (value) => {
    const origin = await serve({}, (app) => app.get('/', (request) => ({ deadline: request.deadline ?? 'none' })))
    const reply = await request(origin, { headers: value === undefined ? {} : { 'x-deadline-ms': value } })
    expect(await reply.body.json()).toEqual({ deadline: 'none' })
  })

  test('when it passes: 504 at once with a problem document, the signal aborts, the place is taken until the handler ends', async () => {
    const limit = bulkhead({ maxConcurrent: 1 })
    const { promise, resolve } = Promise.withResolvers<void>()
    let reason: unknown
    const origin = await serve({ admission: admit(limit) }, (app) =>
      app.get('/', async (request) => {
        request.signal.addEventListener('abort', () => {
          reason = request.signal.reason
        })
        await promise
        return 'late'
      }),
    )
    const reply = await request(origin, { headers: { 'x-deadline-ms': '100' } })
    expect(reply.statusCode).toBe(504)
    expect(reply.headers['content-type']).toContain('application/problem+json')
    expect(await reply.body.json()).toMatchObject({
      type: 'urn:problem:resilience:deadline-exceeded',
      status: 504,
      title: 'Gateway Timeout',
    })
    expect(reason).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    expect(limit.inFlight).toBe(1)
    resolve()
    await eventually(() => limit.inFlight).toBe(0)
  })

  test('a handler that throws the reason of its signal changes nothing', async () => {
    const origin = await serve({}, (app) =>
      app.get('/', async (request) => {
        await sleep(60_000, undefined, { signal: request.signal })
      }),
    )
    const reply = await request(origin, { headers: { 'x-deadline-ms': '50' } })
    expect(reply.statusCode).toBe(504)
  })

  test('that has passed already: the handler is not called', async () => {
    let calls = 0
    const origin = await serve({}, (app) => app.get('/', () => ++calls))
    expect((await request(origin, { headers: { 'x-deadline-ms': '0' } })).statusCode).toBe(504)
    expect(calls).toBe(0)
  })

  test('there may be a longest one, and another header', async () => {
    const origin = await serve({ maxDeadline: 1_000, deadlineHeader: 'X-Left' }, (app) =>
      app.get('/', (request) => ({ left: (request.deadline ?? 0) - Date.now() })),
    )
    const leftOf = async (headers: Record<string, string>) =>
      ((await (await request(origin, { headers })).body.json()) as { left: number }).left
    expect(await leftOf({})).toBeLessThanOrEqual(1_000)
    expect(await leftOf({ 'x-left': '60000' })).toBeLessThanOrEqual(1_000)
    expect(await leftOf({ 'x-left': '500' })).toBeLessThanOrEqual(500)
  })
})

describe('the caller goes away', () => {
  test('request.signal aborts, and no policy counts it', async () => {
    const breaker = circuitBreaker({ consecutiveFailures: 1 })
    const { promise: aborted, resolve } = Promise.withResolvers<unknown>()
    const controller = new AbortController()
    const origin = await serve({ admission: admit(breaker) }, (app) => {
      app.get(
        '/',
        (request) =>
          new Promise((_, reject) => {
            request.signal.addEventListener('abort', () => {
              resolve(request.signal.reason)
              reject(request.signal.reason)
            })
            controller.abort()
          }),
      )
      app.get('/quick', () => 'quick')
    })
    await expect(request(origin, { signal: controller.signal })).rejects.toThrow()
    expect(await aborted).toMatchObject({ name: 'CallerGoneError' })
    expect(breaker.state).toBe('closed')
    expect((await request(`${origin}/quick`)).statusCode).toBe(200)
  })

  test('a caller that waits in the queue and goes away frees its place in it', async () => {
    const limit = bulkhead({ maxConcurrent: 1, maxQueued: 1 })
    const { promise, resolve } = Promise.withResolvers<string>()
    let calls = 0
    const origin = await serve({ admission: admit(limit) }, (app) =>
      app.get('/', () => {
        calls++
        return promise
      }),
    )
    const first = request(origin)
    await eventually(() => limit.inFlight).toBe(1)
    const controller = new AbortController()
    const second = request(origin, { signal: controller.signal })
    await eventually(() => limit.queued).toBe(1)
    controller.abort()
    await expect(second).rejects.toThrow()
    await eventually(() => limit.queued).toBe(0)
    resolve('done')
    expect(await (await first).body.text()).toBe('done')
    expect(calls).toBe(1)
  })
})

describe('admission', () => {
  test('a full bulkhead: 503 with Retry-After and a problem document that tells nothing of the inside', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const limit = bulkhead({ maxConcurrent: 1 })
    const origin = await serve({ admission: admit(limit), retryAfter: 2_500 }, (app) => app.post('/', () => promise))
    const first = request(origin, { method: 'POST' })
    await eventually(() => limit.inFlight).toBe(1)
    const reply = await request(origin, { method: 'POST', body: 'x'.repeat(100_000) })
    expect(reply.statusCode).toBe(503)
    expect(reply.headers['retry-after']).toBe('3')
    expect(await reply.body.json()).toEqual({
      type: 'urn:problem:resilience:bulkhead-full',
      title: 'Service Unavailable',
      status: 503,
      detail: 'The service has as much to do as it can. The request was not begun. Try again in 3 s.',
    })
    resolve('done')
    expect((await first).statusCode).toBe(200)
    expect((await request(origin, { method: 'POST' })).statusCode).toBe(200)
  })

  test('places are given back after success, error, unknown route and stream', async () => {
    const limit = bulkhead({ maxConcurrent: 2 })
    const origin = await serve({ admission: admit(limit) }, (app) => {
      app.get('/good', (_, reply) => reply.send('good'))
      app.get('/bad', () => Promise.reject(new Error('bad')))
      app.get('/throws', () => {
        throw new Error('throws')
      })
    })
    for (const path of ['good', 'bad', 'throws', 'unknown', 'good'])
      await (await request(`${origin}/${path}`)).body.dump()
    await eventually(() => limit.inFlight).toBe(0)
  })

  test('a handler runs once, whatever the pipeline says', async () => {
    let calls = 0
    const origin = await serve({ admission: admit(retry()) }, (app) =>
      app.get('/', () => {
        calls++
        throw new Error('boom')
      }),
    )
    expect((await request(origin)).statusCode).toBe(500)
    await sleep(300)
    expect(calls).toBe(1)
  })

  test('replies of 5xx are failures to the policies, others are not', async () => {
    const breaker = circuitBreaker({ consecutiveFailures: 2, openFor: 60_000 })
    const origin = await serve({ admission: admit(breaker) }, (app) =>
      app.get<{ Params: { status: number } }>('/:status', ({ params }, reply) => reply.code(params.status).send('x')),
    )
    for (const status of [500, 404, 500, 200, 503, 500]) await (await request(`${origin}/${status}`)).body.dump()
    await eventually(() => breaker.state).toBe('open')
    const reply = await request(`${origin}/200`)
    expect(reply.statusCode).toBe(503)
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(30)
  })

  test('a timeout of the pipeline is a 504, and tells the handler its deadline', async () => {
    let left = 0
    const origin = await serve({ admission: admit(timeout(200)) }, (app) =>
      app.get('/', (request) => {
        left = (request.deadline ?? 0) - Date.now()
        return new Promise(() => {})
      }),
    )
    const reply = await request(origin)
    expect(reply.statusCode).toBe(504)
    expect(await reply.body.json()).toMatchObject({ type: 'urn:problem:resilience:timeout' })
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(200)
  })

  test('routes may be exempt', async () => {
    const limit = bulkhead({ maxConcurrent: 1 })
    const { promise, resolve } = Promise.withResolvers<string>()
    const origin = await serve({ admission: admit(limit) }, (app) => {
      app.get('/', () => promise)
      app.get('/health', { config: { admission: false } }, () => 'fine')
    })
    const first = request(origin)
    await eventually(() => limit.inFlight).toBe(1)
    expect((await request(`${origin}/health`)).statusCode).toBe(200)
    expect((await request(origin)).statusCode).toBe(503)
    resolve('done')
    await (await first).body.dump()
  })

  test('the least important is shed first: by route, or by a function of the request', async () => {
    const seen: string[] = []
    const watch: Policy = {
      kind: 'watch',
      name: 'watch',
      attach: () => ({
        wrap: (next, { priority }) => {
          seen.push(priority)
          return next()
        },
      }),
    }
    const routes = (app: FastifyInstance) => {
      app.get('/a', { config: { priority: 'low' } }, () => 'a')
      app.get('/b', (request) => request.callOptions.priority)
    }
    const byRoute = await serve({ admission: admit(watch) }, routes)
    await request(`${byRoute}/a`)
    await request(`${byRoute}/b`)
    const byRequest = await serve(
      { admission: admit(watch), priority: ({ headers }) => (headers['x-vip'] === '1' ? 'critical' : 'low') },
      routes,
    )
    const reply = await request(`${byRequest}/b`, { headers: { 'x-vip': '1' } })
    expect(seen).toEqual(['low', 'normal', 'critical'])
    expect(await reply.body.text()).toBe('critical')
  })

  test('in a full queue the more important takes the place of the less important, which is told at once', async () => {
    const limit = bulkhead({ maxConcurrent: 1, maxQueued: 1 })
    const { promise, resolve } = Promise.withResolvers<void>()
    const served: string[] = []
    const origin = await serve({ admission: admit(limit) }, (app) => {
      for (const priority of ['normal', 'low', 'high'] as const)
        app.get(`/${priority}`, { config: { priority } }, async () => {
          served.push(priority)
          await promise
          return priority
        })
    })
    const first = request(`${origin}/normal`)
    await eventually(() => limit.inFlight).toBe(1)
    const low = request(`${origin}/low`)
    await eventually(() => limit.queued).toBe(1)
    const high = request(`${origin}/high`)
    const displaced = await low
    expect([displaced.statusCode, displaced.headers['retry-after']]).toEqual([503, '1'])
    resolve()
    expect((await first).statusCode).toBe(200)
    expect((await high).statusCode).toBe(200)
    expect(served).toEqual(['normal', 'high'])
  })

  test('the answer may be the own', async () => {
    const limit = bulkhead({ maxConcurrent: 1 })
    const origin = await serve(
      {
        admission: admit(limit),
        answer: (error, _, reply) => {
          reply.code(418).send(error.code)
        },
      },
      (app) => app.get('/', () => new Promise(() => {})),
    )
    const first = request(origin).catch(() => {})
    await eventually(() => limit.inFlight).toBe(1)
    const reply = await request(origin)
    expect([reply.statusCode, await reply.body.text()]).toEqual([418, 'BULKHEAD_FULL'])
    void first
  })

  test('an error of the pipeline that is none of a policy goes to the error handler', async () => {
    const odd: Policy = { kind: 'odd', name: 'odd', attach: () => ({ wrap: () => Promise.reject(new Error('odd')) }) }
    const origin = await serve({ admission: admit(odd) }, (app) => app.get('/', () => 'x'))
    const reply = await request(origin)
    expect(reply.statusCode).toBe(500)
    expect(await reply.body.json()).toMatchObject({ message: 'odd' })
  })
})

test('the state route tells the metrics of every pipeline, also when nobody else is let in', async () => {
  const limit = bulkhead({ maxConcurrent: 1, name: 'door' })
  const origin = await serve({ admission: pipeline('seen in state', [limit]), stateRoute: '/resilience' }, (app) =>
    app.get('/', () => new Promise(() => {})),
  )
  const first = request(origin).catch(() => {})
  await eventually(() => limit.inFlight).toBe(1)
  const reply = await request(`${origin}/resilience`)
  const { pipelines } = (await reply.body.json()) as { pipelines: { pipeline: string; policies: unknown[] }[] }
  expect(pipelines.find((each) => each.pipeline === 'seen in state')).toMatchObject({
    calls: { inFlight: 1 },
    policies: [{ kind: 'bulkhead', name: 'door', metrics: { inFlight: 1, maxConcurrent: 1 } }],
  })
  void first
})

test('holds for routes that were added before, and inside of other plugins', async () => {
  const server = Fastify()
  server.get('/before', (request) => ({ deadline: typeof request.deadline }))
  server.register((child, _, done) => {
    child.get('/child', (request) => ({ deadline: typeof request.deadline }))
    done()
  })
  const origin = await serve({}, () => {}, server)
  for (const path of ['before', 'child']) {
    const reply = await request(`${origin}/${path}`, { headers: { 'x-deadline-ms': '60000' } })
    expect(await reply.body.json()).toEqual({ deadline: 'number' })
  }
})

test("Fastify's own handlerTimeout aborts the signal as well", async () => {
  const { promise: aborted, resolve } = Promise.withResolvers<void>()
  const origin = await serve({}, (app) =>
    app.get('/', { handlerTimeout: 100 }, (request) => {
      request.signal.addEventListener('abort', () => resolve())
      return new Promise(() => {})
    }),
  )
  expect((await request(origin)).statusCode).toBe(503)
  await aborted
})

test('a wrong option is told at start', async () => {
  const server = Fastify()
  // @ts-expect-error there is no such option
  await expect(server.register(resilience, { admision: admit() })).rejects.toThrow('did you mean admission')
})

test('types: the request knows its deadline', () => {
  Fastify().get('/', (request) => {
    expectTypeOf(request.deadline).toEqualTypeOf<number | undefined>()
    return ''
  })
  expectTypeOf<Problem['status']>().toEqualTypeOf<number>()
})
