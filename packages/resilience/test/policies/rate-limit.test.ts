import { expect, test } from 'vitest'
import { pipeline, RateLimitedError, type RateLimitOptions, rateLimit } from '../../src/index.ts'
import { script, succeeds, virtualWorld } from '../../src/testing/index.ts'

function setUp(options: RateLimitOptions) {
  const world = virtualWorld()
  const policy = rateLimit(options)
  const subject = pipeline('rate', [policy], { world })
  const run = script(world, succeeds())
  return { world, policy, run, call: (signal?: AbortSignal) => subject.execute(run, { signal }) }
}

test('smooth: calls keep their distance', async () => {
  const { world, run, call } = setUp({ limit: 10, maxWait: 1_000 })
  await world.until(Promise.all([call(), call(), call(), call()]))
  expect(run.calls.map(({ at }) => at)).toEqual([0, 100, 200, 300])
})

test('bursty: as many at once as the limit, then one for each distance', async () => {
  const { world, run, call } = setUp({ limit: 3, interval: 300, kind: 'bursty', maxWait: 1_000 })
  await world.until(Promise.all([call(), call(), call(), call(), call()]))
  expect(run.calls.map(({ at }) => at)).toEqual([0, 0, 0, 100, 200])
})

test('turns away what would wait too long, and says for how long', async () => {
  const { policy, call } = setUp({ limit: 10 })
  await call()
  await expect(call()).rejects.toBeInstanceOf(RateLimitedError)
  await expect(call()).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: 100 })
  expect(policy.metrics()).toMatchObject({ rejections: 2 })
})

test('a cancelled call holds up nobody', async () => {
  const { world, run, call } = setUp({ limit: 10, maxWait: 1_000 })
  const cancel = new AbortController()
  await call()
  const waiting = call(cancel.signal).catch((reason) => reason)
  const last = call()
  await world.advance(10)
  cancel.abort('enough')
  expect(await waiting).toBe('enough')
  await world.until(last)
  expect(run.calls.map(({ at }) => at)).toEqual([0, 100])
})

test('a new rate holds for those that wait', async () => {
  const { world, policy, run, call } = setUp({ limit: 1, maxWait: 10_000 })
  const calls = [call(), call(), call()]
  await world.advance(0)
  policy.reconfigure({ limit: 100 })
  await world.until(Promise.all(calls))
  expect(run.calls[2]?.at).toBeLessThanOrEqual(1_010)
})
