import { expect, test } from 'vitest'
import { pipeline, ThrottledError, throttle } from '../../src/index.ts'
import { fails, given, script, succeeds, virtualWorld } from '../../src/testing/index.ts'

test('holds nothing back while calls are accepted', async () => {
  const policy = throttle()
  const subject = given([policy])
  for (let call = 0; call < 100; call++) await subject.when(succeeds()).thenExpect({ result: 'ok' })
  expect(policy.load).toBe(0)
})

test('holds back nearly all while none is accepted, yet some go through', async () => {
  const world = virtualWorld({ seed: 7 })
  const policy = throttle()
  const subject = pipeline('refusing', [policy], { world })
  const run = script(world, fails())
  for (let call = 0; call < 1_000; call++) await subject.execute(run).catch(() => {})
  expect(run.calls.length).toBeGreaterThan(3)
  expect(run.calls.length).toBeLessThan(30)
  expect(policy.metrics()).toMatchObject({ rejections: 1_000 - run.calls.length })
})

test('half accepted is fine with an overload of 2, not with one of 1', async () => {
  const world = virtualWorld()
  const [easy, strict] = [throttle({ overload: 2 }), throttle({ overload: 1 })]
  for (const policy of [easy, strict]) {
    const subject = pipeline('half', [policy], { world })
    for (let call = 0; call < 200; call++)
      await subject.execute(script(world, call % 2 ? fails() : succeeds())).catch(() => {})
  }
  expect(easy.load).toBeLessThan(0.05)
  expect(strict.load).toBeGreaterThan(0.3)
})

test('forgets what the window has left', async () => {
  const policy = throttle({ window: 1_000 })
  const subject = given([policy])
  for (let call = 0; call < 50; call++) await subject.when(fails()).report()
  expect(policy.load).toBeGreaterThan(0.5)
  await subject.world.advance(1_200)
  expect(policy.load).toBe(0)
})

test('a call that is held back has its own error', async () => {
  const policy = throttle()
  const subject = given([policy])
  const errors: unknown[] = []
  for (let call = 0; call < 50; call++) errors.push((await subject.when(fails()).report()).error)
  expect(errors.filter((error) => error instanceof ThrottledError).length).toBe(policy.metrics().rejections)
})
