import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import Fastify from 'fastify'
import { Agent, request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { resilience } from '../../../src/adapters/fastify/index.ts'
import { bulkhead, pipeline } from '../../../src/index.ts'
import { eventually } from '../eventually.ts'

const visits = fc.record({
  deed: fc.constantFrom('good', 'bad', 'throws', 'callback', 'unknown', 'stubborn'),
  /** How long the handler takes, in milliseconds. */
  takes: fc.integer({ min: 0, max: 30 }),
  deadline: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }),
  leavesAfter: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }),
})
type Visit = typeof visits extends fc.Arbitrary<infer T> ? T : never

test('whatever handlers and callers do: never more inside than allowed, every place given back, every caller answered', async () => {
  const MOST = 3
  const limit = bulkhead({ maxConcurrent: MOST, maxQueued: 4 })
  let inside = 0
  let mostInside = 0
  const app = Fastify({ forceCloseConnections: true })
  await app.register(resilience, { admission: pipeline('inbound', [limit]) })
  const counted = async (work: () => Promise<unknown>) => {
    mostInside = Math.max(mostInside, ++inside)
    try {
      return await work()
    } finally {
      inside--
    }
  }
  type Query = { Querystring: { takes: string } }
  app.get<Query>('/good', ({ query }) => counted(() => sleep(Number(query.takes), 'good')))
  app.get<Query>('/bad', ({ query }) =>
    counted(() => sleep(Number(query.takes)).then(() => Promise.reject(new Error('bad')))),
  )
  app.get('/throws', () => {
    throw new Error('throws')
  })
  app.get<Query>('/callback', ({ query }, reply) => {
    setTimeout(() => reply.sent || reply.send('callback'), Number(query.takes))
  })
  // Goes on long after its signal has aborted.
  app.get<Query>('/stubborn', ({ query }) => counted(() => sleep(Number(query.takes) * 2, 'stubborn')))
  onTestFinished(() => app.close())
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  const dispatcher = new Agent()
  onTestFinished(() => dispatcher.destroy())

  const visit = async ({ deed, takes, deadline, leavesAfter }: Visit) => {
    const controller = new AbortController()
    if (leavesAfter !== undefined) setTimeout(() => controller.abort(new Error('left')), leavesAfter)
    const headers = deadline === undefined ? {} : { 'x-deadline-ms': String(deadline) }
    try {
      const reply = await request(`${origin}/${deed}?takes=${takes}`, {
        dispatcher,
        headers,
        signal: controller.signal,
      })
      await reply.body.text()
      const allowed = { good: [200], stubborn: [200], callback: [200], bad: [500], throws: [500], unknown: [404] }[deed]
      expect([...allowed, 503, ...(deadline === undefined ? [] : [504])]).toContain(reply.statusCode)
      if (reply.statusCode === 503) expect(reply.headers['retry-after']).toBe('1')
    } catch (error) {
      if (!controller.signal.aborted) throw error
    }
  }

  await fc.assert(
    fc.asyncProperty(fc.array(visits, { minLength: 1, maxLength: 20 }), async (plan) => {
      await Promise.all(plan.map(visit))
      await eventually(() => [limit.inFlight, limit.queued, inside]).toEqual([0, 0, 0])
    }),
    { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 15 },
  )
  expect(mostInside).toBeGreaterThan(0)
  expect(mostInside).toBeLessThanOrEqual(MOST)
})
