import { expect, test } from 'vitest'
import { type AdaptiveLimitOptions, adaptiveLimit, pipeline } from '../../src/index.ts'
import { after, fails, hangs, script, succeeds, virtualWorld } from '../../src/testing/index.ts'

/** Callers that keep as many calls in flight as they are let, against a callee that takes `duration(inFlight)`. */
async function load(options: AdaptiveLimitOptions, duration: (inFlight: number) => number, rounds: number) {
  const world = virtualWorld()
  const policy = adaptiveLimit(options)
  const subject = pipeline('adaptive', [policy], { world })
  for (let round = 0; round < rounds; round++) {
    const calls: Promise<unknown>[] = []
    const wanted = policy.limit
    for (let call = 0; call < wanted; call++)
      calls.push(subject.execute(script(world, after(duration(wanted), succeeds()))).catch(() => {}))
    await world.until(Promise.all(calls))
  }
  return { policy, world, subject }
}

test.each(['gradient', 'aimd'] as const)('%s: grows while calls are as fast as usual', async (algorithm) => {
  const { policy } = await load({ algorithm, initial: 10, max: 40, sampleWindow: 10 }, () => 10, 100)
  expect(policy.limit).toBeGreaterThan(30)
  expect(policy.limit).toBeLessThanOrEqual(40)
})

test('gradient: settles near what the callee can take', async () => {
  const capacity = 30
  const { policy } = await load(
    { initial: 10, max: 500, sampleWindow: 10 },
    (inFlight) => 10 * Math.max(1, inFlight / capacity),
    150,
  )
  expect(policy.limit).toBeGreaterThan(capacity / 2)
  expect(policy.limit).toBeLessThan(capacity * 3)
})

test('aimd: falls when calls are too slow, to the minimum at last', async () => {
  const { policy } = await load({ algorithm: 'aimd', initial: 100, min: 5, slowCall: 50 }, () => 60, 10)
  expect(policy.limit).toBe(5)
})

test('turns away what is over the limit, without a wait', async () => {
  const { policy, world, subject } = await load({ initial: 2, min: 2, max: 2 }, () => 10, 1)
  const calls = [1, 2].map(() => subject.execute(script(world, after(10, succeeds()))))
  await expect(subject.execute(script(world, succeeds()))).rejects.toMatchObject({ code: 'LIMIT_REACHED' })
  expect(policy.metrics()).toMatchObject({ inFlight: 2, rejections: 1 })
  await world.until(Promise.all(calls))
  expect(policy.inFlight).toBe(0)
})

test('errors that say nothing about load, and cancelled calls, teach nothing', async () => {
  const { policy, world, subject } = await load({ algorithm: 'aimd', initial: 10 }, () => 10, 0)
  await subject.execute(script(world, fails())).catch(() => {})
  const cancel = new AbortController()
  const call = subject.execute(script(world, hangs()), { signal: cancel.signal }).catch(() => {})
  await world.advance(60_000)
  cancel.abort()
  await call
  expect(policy.limit).toBe(10)
  expect(policy.inFlight).toBe(0)
})

test('gradient: new options do not make it forget which durations are usual', async () => {
  const options = { initial: 40, min: 5, max: 200, sampleWindow: 10 }
  const world = virtualWorld()
  const policy = adaptiveLimit(options)
  const subject = pipeline('adaptive', [policy], { world })
  const round = async (duration: number) => {
    const calls = Array.from({ length: policy.limit }, () =>
      subject.execute(script(world, after(duration, succeeds()))),
    )
    await world.until(Promise.all(calls))
  }
  for (let count = 0; count < 30; count++) await round(10)
  policy.reconfigure({ queueSize: 0 })
  const before = policy.limit
  for (let count = 0; count < 3; count++) await round(60)
  expect(policy.limit).toBeLessThan(before)
})

test('keeps what it learnt over new options and restarts', async () => {
  const { policy } = await load({ algorithm: 'aimd', initial: 10, max: 100 }, () => 10, 60)
  const learnt = policy.limit
  expect(learnt).toBeGreaterThan(30)
  const snapshot: unknown = JSON.parse(JSON.stringify(policy.snapshot()))
  const restarted = adaptiveLimit({ algorithm: 'aimd', initial: 10, max: 100 })
  restarted.restore(snapshot)
  expect(restarted.limit).toBe(learnt)
  restarted.reconfigure({ max: 25 })
  expect(restarted.limit).toBe(25)
  expect(() => restarted.restore({})).toThrow('limit is undefined')
  expect(() => adaptiveLimit({ min: 10, max: 5 })).toThrow('max is 5')
})
