import { expect, test } from 'vitest'
import { pipeline, type RateLimitOptions, rateLimit } from '../../src/index.ts'
import { script, succeeds, type VirtualWorld, virtualWorld } from '../../src/testing/index.ts'

function setUp(options: RateLimitOptions, world: VirtualWorld) {
  const policy = rateLimit(options)
  const subject = pipeline('rate', [policy], { world })
  const run = script(world, succeeds())
  return { policy, run, call: () => subject.execute(run), starts: () => run.calls.map(({ at }) => at) }
}

test('a restart does not take the calls of this interval once more', async () => {
  const world = virtualWorld()
  const options = { limit: 3, interval: 300, kind: 'bursty', maxWait: 1_000 } as const
  const before = setUp(options, world)
  await Promise.all([before.call(), before.call(), before.call()])
  await world.advance(50)
  const snapshot: unknown = JSON.parse(JSON.stringify(before.policy.snapshot()))
  expect(snapshot).toEqual({ clearAt: world.epoch() + 250 })
  const after = setUp(options, world)
  after.policy.restore(snapshot)
  await world.until(Promise.all([after.call(), after.call()]))
  expect(after.starts()).toEqual([100, 200])
})

test('what is made up for by now is no debt', async () => {
  const world = virtualWorld()
  const { policy, call, starts } = setUp({ limit: 10 }, world)
  expect(policy.snapshot()).toEqual({ clearAt: world.epoch() })
  policy.restore({ clearAt: world.epoch() - 5_000 })
  await call()
  expect(starts()).toEqual([0])
})

test('a debt is never more than what calls can take at once, whatever the clock of before said', async () => {
  const world = virtualWorld()
  for (const [kind, first] of [
    ['smooth', 100],
    ['bursty', 100],
  ] as const) {
    const { policy, call, starts } = setUp({ limit: 10, kind, maxWait: 5_000 }, world)
    const now = world.now()
    policy.restore({ clearAt: world.epoch() + 1e9 })
    await world.until(call())
    expect(starts()).toEqual([now + first])
  }
})

test('restored while calls wait, they wait for the debt too', async () => {
  const world = virtualWorld()
  const { policy, call, starts } = setUp({ limit: 10, maxWait: 5_000 }, world)
  const calls = [call(), call()]
  await world.advance(60)
  policy.restore({ clearAt: world.epoch() + 80 })
  await world.until(Promise.all(calls))
  expect(starts()).toEqual([0, 140])
})

test('a snapshot that is none is refused, by name', () => {
  expect(() => rateLimit({ limit: 1 }).restore({})).toThrow(/^rateLimit: the snapshot's clearAt is undefined/)
  expect(() => rateLimit({ limit: 1 }).restore({ clearAt: -1 })).toThrow('clearAt is -1')
})
