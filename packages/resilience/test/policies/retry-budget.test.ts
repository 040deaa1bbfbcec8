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
