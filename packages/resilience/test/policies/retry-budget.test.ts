import { expect, test } from 'vitest'
import { constant, hedge, pipeline, retry, retryBudget } from '../../src/index.ts'
import { fails, given, hangs, script, succeeds, virtualWorld } from '../../src/testing/index.ts'

test('a failing callee sees at most 1.2 times the load', async () => {
  const world = virtualWorld()
  const budget = retryBudget({ ratio: 0.2, minimum: 0 })
  const subject = pipeline('storm', [retry({ maxAttempts: 5, backoff: constant(10), budget })], { world })
  const run = script(world, fails())
  for (let call = 0; call < 100; call++) await world.until(subject.execute(run).catch(() => {}))
  expect(run.calls.length).toBe(120)
})

test('a quiet process can retry too: the minimum', () => {
  const budget = retryBudget({ ratio: 0.1, minimum: 3 })
  budget.onCall(0)
  expect([1, 2, 3, 4].map(() => budget.tryExtra(0, 'error'))).toEqual([true, true, true, false])
  expect(budget.metrics(0)).toEqual({ calls: 1, extra: 3, allowed: 3 })
  expect(budget.tryExtra(12_000, 'error')).toBe(true)
})

test('a bucket empties with retries, fastest with those after timeouts, and fills with successes', () => {
  const budget = retryBudget({ tokens: 20 })
  expect(budget.tryExtra(0, 'timeout')).toBe(true)
  expect(budget.tryExtra(0, 'error')).toBe(true)
  expect(budget.tryExtra(0, 'timeout')).toBe(false)
  expect(budget.tryExtra(0, 'hedge')).toBe(true)
  expect(budget.tryExtra(0, 'error')).toBe(false)
  for (let success = 0; success < 5; success++) budget.onSuccess(0)
  expect(budget.tryExtra(0, 'error')).toBe(true)
  for (let success = 0; success < 100; success++) budget.onSuccess(0)
  expect(budget.metrics(0)).toEqual({ tokens: 20, capacity: 20 })
})

test('retries and hedges share one', async () => {
  const world = virtualWorld()
  const budget = retryBudget({ ratio: 0.01, minimum: 1 })
  await given([retry({ maxAttempts: 2, backoff: constant(1), budget })], world)
    .when(fails())
    .thenExpect({ attempts: 2 })
  const policy = hedge({ after: 10, budget })
  const hedged = pipeline('hedged', [policy], { world })
  const call = hedged.execute(script(world, hangs()), { deadline: world.epoch() + 100 })
  await expect(world.until(call)).rejects.toThrow('deadline')
  expect(policy.metrics()).toEqual({ hedged: 0, won: 0, overBudget: 1 })
})

test('a success through a retry refunds the bucket', async () => {
  const budget = retryBudget({ tokens: 10, retryCost: 5 })
  await given([retry({ backoff: constant(1), budget })])
    .when(fails(), succeeds())
    .thenExpect({ result: 'ok' })
  expect(budget.metrics(0)).toEqual({ tokens: 6, capacity: 10 })
})

test('a fifth of the calls of the last 10 s, and three at least, unless told otherwise', () => {
  const budget = retryBudget()
  expect(budget.metrics(0)).toEqual({ calls: 0, extra: 0, allowed: 3 })
  for (let call = 0; call < 24; call++) budget.onCall(0)
  expect(budget.metrics(0)).toEqual({ calls: 24, extra: 0, allowed: 4 })
  budget.onCall(0)
  expect(budget.metrics(8_999)).toEqual({ calls: 25, extra: 0, allowed: 5 })
  expect(budget.metrics(10_000)).toEqual({ calls: 0, extra: 0, allowed: 3 })
})

test('what the window has left counts no more, neither calls nor extra ones', () => {
  const budget = retryBudget({ ratio: 0.5, minimum: 1, window: 100 })
  for (let call = 0; call < 4; call++) budget.onCall(0)
  expect([1, 2, 3].map(() => budget.tryExtra(0, 'error'))).toEqual([true, true, false])
  budget.onSuccess(0)
  expect(budget.metrics(0)).toEqual({ calls: 4, extra: 2, allowed: 2 })
  expect(budget.metrics(100)).toEqual({ calls: 0, extra: 0, allowed: 1 })
  expect([1, 2].map(() => budget.tryExtra(100, 'error'))).toEqual([true, false])
})

test('a bucket costs what it is told, down to the last token', () => {
  const budget = retryBudget({ tokens: 10, retryCost: 3, timeoutCost: 4, successRefund: 2 })
  budget.onCall(0)
  expect(['timeout', 'error', 'hedge', 'error'].map((cause) => budget.tryExtra(0, cause as 'error'))).toEqual([
    true,
    true,
    true,
    false,
  ])
  expect(budget.metrics(0)).toEqual({ tokens: 0, capacity: 10 })
  budget.onSuccess(0)
  expect(budget.metrics(0)).toEqual({ tokens: 2, capacity: 10 })
})

test('options are those of the kind of budget that is meant', () => {
  expect(() => retryBudget({ tokens: 5, timeoutCost: -1 })).toThrow(/^retryBudget: timeoutCost is -1/)
  expect(() => retryBudget({ tokens: 5, ...{ ratio: 0.5 } })).toThrow('there is no option ratio')
  expect(() => retryBudget({ minimum: -1 })).toThrow(/^retryBudget: minimum is -1/)
  expect(() => retryBudget({ window: 0 })).toThrow('window is 0')
})

test('what is no snapshot of a window is refused, and what has left the window since counts no more', async () => {
  const world = virtualWorld()
  const budget = retryBudget({ window: 1_000 })
  expect(() => budget.restore({ takenAt: 0, calls: [] }, world)).toThrow(
    /^retryBudget: the snapshot's extras is undefined/,
  )
  expect(() => budget.restore({ calls: [], extras: [] }, world)).toThrow("the snapshot's takenAt is undefined")
  expect(() => budget.restore({ takenAt: 0, calls: 5, extras: [] }, world)).toThrow("the snapshot's calls is 5")
  budget.onCall(world.now())
  budget.tryExtra(world.now(), 'error')
  const snapshot: unknown = JSON.parse(JSON.stringify(budget.snapshot(world)))
  await world.advance(400)
  budget.restore(snapshot, world)
  expect(budget.metrics(world.now())).toMatchObject({ calls: 1, extra: 1 })
  await world.advance(600)
  expect(budget.metrics(world.now())).toMatchObject({ calls: 0, extra: 0 })
  budget.restore(snapshot, world)
  expect(budget.metrics(world.now())).toMatchObject({ calls: 0, extra: 0 })
})
