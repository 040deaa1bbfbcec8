import { expect, test } from 'vitest'
import { hedge, pipeline } from '../../src/index.ts'
import { after, fails, given, hangs, script, succeeds, times, virtualWorld } from '../../src/testing/index.ts'

test('a second attempt starts after the delay, the first outcome counts, the loser is cancelled', async () => {
  const policy = hedge({ after: 50 })
  const { calls } = await given([policy])
    .when(hangs(), after(10, succeeds('second')))
    .thenExpect({ result: 'second', attempts: 2, elapsed: 60, events: ['hedge', 'hedge'] })
  expect(calls[0]?.context.signal.aborted).toBe(true)
  expect(calls[1]?.context.signal.aborted).toBe(false)
  expect(policy.metrics()).toEqual({ hedged: 1, won: 1, overBudget: 0 })
})

test('a fast call is not hedged', async () => {
  await given([hedge({ after: 50 })])
    .when(after(49, succeeds()))
    .thenExpect({ result: 'ok', attempts: 1, elapsed: 49 })
})

test('the first may still win', async () => {
  const policy = hedge({ after: 50 })
  const { calls } = await given([policy])
    .when(after(70, succeeds('first')), hangs())
    .thenExpect({ result: 'first', attempts: 2, elapsed: 70 })
  expect(calls[1]?.context.signal.aborted).toBe(true)
  expect(policy.metrics()).toMatchObject({ won: 0 })
})

test('starts no more than maxAttempts', async () => {
  const world = virtualWorld()
  await given([hedge({ after: 10, maxAttempts: 3 })], world)
    .when(hangs())
    .thenExpect({ attempts: 3, elapsed: 100 }, { deadline: world.epoch() + 100 })
})

test('a failure does not end the call while another attempt is under way', async () => {
  await given([hedge({ after: 10 })])
    .when(after(20, fails()), after(30, succeeds('second')))
    .thenExpect({ result: 'second', elapsed: 40 })
})

test('a failure before the delay ends the call', async () => {
  await given([hedge({ after: 10 })])
    .when(after(5, fails()))
    .thenExpect({ error: Error, attempts: 1, elapsed: 5 })
})

test('throws the last error when all attempts fail', async () => {
  const last = new Error('last')
  await given([hedge({ after: 10 })])
    .when(after(20, fails()), after(50, fails(last)))
    .thenExpect({ error: last, elapsed: 60 })
})

test('never hedges what must not run twice', async () => {
  await given([hedge({ after: 10 })])
    .when(after(50, succeeds()))
    .thenExpect({ attempts: 1 }, { idempotent: false })
})

test('learns from recent calls when to hedge', async () => {
  const world = virtualWorld()
  const policy = hedge({ after: { quantile: 0.9, minimumCalls: 20 } })
  const subject = given([policy], world)
  expect(policy.delay()).toBeUndefined()
  for (let call = 1; call <= 20; call++) await subject.when(after(call, succeeds())).report()
  expect(policy.delay()).toBeGreaterThanOrEqual(18)
  expect(policy.delay()).toBeLessThan(19.5)
})

test('cancelled by its caller: all attempts end', async () => {
  const world = virtualWorld()
  const subject = pipeline('hedged', [hedge({ after: 10 })], { world })
  const run = script(world, ...times(2, hangs()))
  const cancel = new AbortController()
  const call = subject.execute(run, { signal: cancel.signal })
  await world.advance(20)
  cancel.abort('enough')
  await expect(call).rejects.toBe('enough')
  expect(run.calls.map(({ context }) => context.signal.reason)).toEqual(['enough', 'enough'])
  await world.advance(100)
  expect(run.calls.length).toBe(2)
  expect(world.pending).toBe(0)
})
