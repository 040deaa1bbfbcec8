import fc from 'fast-check'
import { Agent, request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { resilientFetch } from '../../../src/adapters/fetch/index.ts'
import { resilientDispatcher } from '../../../src/adapters/undici/index.ts'
import { bulkhead, constant, hedge, isTransient, pipeline, retry } from '../../../src/index.ts'
import { eventually } from '../eventually.ts'
import { type Answer, reset, silence, startServer, status } from '../http-server.ts'

/** What the server does, by attempt. Nothing that takes time to find out: what is too late is for other tests. */
type Deed = 200 | 404 | 429 | 500 | 503 | 'reset' | 'large 503'

const MAX_ATTEMPTS = 3
const deeds = fc.array(fc.constantFrom<Deed>(200, 404, 429, 500, 503, 'reset', 'large 503'), {
  minLength: MAX_ATTEMPTS,
  maxLength: MAX_ATTEMPTS,
})
const requests = fc.record({
  deeds,
  method: fc.constantFrom('GET', 'PUT', 'POST'),
  hasKey: fc.boolean(),
  isCancelledAfter: fc.option(fc.integer({ min: 0, max: 60 }), { freq: 4, nil: undefined }),
})

const LARGE = 'x'.repeat(200_000)

function answerOf(deed: Deed): Answer {
  if (deed === 'reset') return reset
  if (deed === 'large 503') return status(503, {}, LARGE)
  return status(deed)
}

/** What should come of it, and after how many attempts. */
function predict(deeds: readonly Deed[], repeatable: boolean): { outcome: number | 'error'; attempts: number } {
  let attempts = 0
  for (const deed of deeds) {
    attempts++
    if (deed === 200 || deed === 404) return { outcome: deed, attempts }
    if (repeatable && attempts < MAX_ATTEMPTS) continue
    if (deed === 'reset') return { outcome: 'error', attempts }
    return { outcome: deed === 'large 503' ? 503 : deed, attempts }
  }
  throw new Error('unreachable')
}

test.each(['undici', 'fetch'] as const)(
  '%s: whatever the server does, as the model says, and nothing is left behind',
  async (client) => {
    const plans = new Map<string, Answer[]>()
    const counts = new Map<string, number>()
    const server = await startServer((response, seen) => {
      const index = counts.get(seen.path) ?? 0
      counts.set(seen.path, index + 1)
      return plans.get(seen.path)?.[index]?.(response, seen, index)
    })
    const agent = new Agent()
    onTestFinished(() => agent.destroy())
    const limit = bulkhead({ maxConcurrent: 100 })
    const calls = pipeline('model', [
      retry({ maxAttempts: MAX_ATTEMPTS, backoff: constant(1), handleError: isTransient }),
      limit,
    ])
    const dispatcher = resilientDispatcher(agent, calls)
    const send = resilientFetch(calls)
    let serial = 0

    const run = async (plan: typeof requests extends fc.Arbitrary<infer T> ? T : never) => {
      const path = `/${serial++}`
      plans.set(path, plan.deeds.map(answerOf))
      const controller = new AbortController()
      const { isCancelledAfter, method } = plan
      if (isCancelledAfter !== undefined) setTimeout(() => controller.abort(new Error('enough')), isCancelledAfter)
      const headers: Record<string, string> = plan.hasKey ? { 'idempotency-key': path } : {}
      const common = { method, headers, body: method === 'GET' ? null : 'body', signal: controller.signal }
      const expected = predict(plan.deeds, method !== 'POST' || plan.hasKey)
      try {
        const reply =
          client === 'undici'
            ? await request(server.origin + path, { ...common, dispatcher }).then(async ({ statusCode, body }) => [
                statusCode,
                await body.text(),
              ])
            : await send(server.origin + path, common).then(async (response) => [
                response.status,
                await response.text(),
              ])
        expect(reply[0]).toBe(expected.outcome)
        const last = plan.deeds[expected.attempts - 1]
        expect(reply[1]).toBe(last === 'large 503' ? LARGE : `body of ${expected.outcome}`)
        expect(counts.get(path)).toBe(expected.attempts)
      } catch (error) {
        if (!controller.signal.aborted) expect([expected.outcome, error]).toEqual(['error', error])
        else expect(counts.get(path) ?? 0).toBeLessThanOrEqual(expected.attempts)
      }
    }

    await fc.assert(
      fc.asyncProperty(fc.array(requests, { minLength: 1, maxLength: 12 }), async (plans) => {
        await Promise.all(plans.map(run))
      }),
      { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 15 },
    )
    expect(serial).toBeGreaterThan(40)
    await eventually(() => limit.inFlight).toBe(0)
    // Every request that was sent has ended, one way or another.
    await Promise.all(server.requests.map(({ closed }) => closed))
  },
)

test('a hedge: the first reply wins, the loser is cut, the reply of the winner is whole', async () => {
  const server = await startServer((response, seen, index) =>
    index === 0 ? silence(response, seen, index) : status(200, {}, LARGE)(response, seen, index),
  )
  const agent = new Agent()
  onTestFinished(() => agent.destroy())
  const dispatcher = resilientDispatcher(agent, pipeline('hedged', [hedge({ after: 30 })]))
  const reply = await request(server.origin, { dispatcher })
  expect(await reply.body.text()).toBe(LARGE)
  expect(await server.requests[0]!.closed).toBe('cut')
  expect(server.requests).toHaveLength(2)

  const post = request(server.origin, { method: 'POST', body: 'x', dispatcher })
  expect(await (await post).body.text()).toBe(LARGE)
  expect(server.requests).toHaveLength(3)
})

test('a hedge whose attempts both fail: the caller gets one of the replies', async () => {
  const server = await startServer((response) => setTimeout(() => response.writeHead(503).end('busy'), 60))
  const agent = new Agent()
  onTestFinished(() => agent.destroy())
  const dispatcher = resilientDispatcher(agent, pipeline('hedged', [hedge({ after: 20 })]))
  const reply = await request(server.origin, { dispatcher })
  expect([reply.statusCode, await reply.body.text()]).toEqual([503, 'busy'])
})
