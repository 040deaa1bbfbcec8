import {
  ConsecutiveBreaker,
  ConstantBackoff,
  circuitBreaker as cockatielBreaker,
  retry as cockatielRetry,
  handleAll,
  type IPolicy,
  wrap,
} from 'cockatiel'
import { expect, expectTypeOf, test } from 'vitest'
import { toCockatiel } from '../../../src/adapters/cockatiel/index.ts'
import { type CallContext, constant, fallback, pipeline, retry, TimeoutError, timeout } from '../../../src/index.ts'

test('a pipeline is a policy: retries, context, result', async () => {
  const policy = toCockatiel(pipeline('p', [retry({ backoff: constant(1) })]))
  const value = await policy.execute(({ attempt, pipeline }) => {
    if (attempt < 3) throw new Error('not yet')
    return `${pipeline} ${attempt}`
  })
  expectTypeOf(value).toEqualTypeOf<string>()
  expect(value).toBe('p 3')
})

test('its type tells what a fallback may return', () => {
  const policy = toCockatiel(pipeline('p', [fallback(() => 0)]))
  expectTypeOf(policy).toEqualTypeOf<IPolicy<CallContext, number>>()
})

test('a signal cancels, with its own reason', async () => {
  const policy = toCockatiel(pipeline('p', [retry()]))
  const controller = new AbortController()
  const reason = new Error('enough')
  const call = policy.execute(
    ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    controller.signal,
  )
  controller.abort(reason)
  await expect(call).rejects.toBe(reason)
})

test("in cockatiel's wrap: inside a breaker, around a retry", async () => {
  const breaker = cockatielBreaker(handleAll, { halfOpenAfter: 60_000, breaker: new ConsecutiveBreaker(1) })
  const inner = cockatielRetry(handleAll, { maxAttempts: 1, backoff: new ConstantBackoff(1) })
  const policy = wrap(breaker, toCockatiel(pipeline('p', [timeout(50)])), inner)
  expect(await policy.execute(() => 'done')).toBe('done')
  let signal: AbortSignal | undefined
  const call = policy.execute((context) => {
    signal = context.signal
    return new Promise(() => {})
  })
  await expect(call).rejects.toThrow(TimeoutError)
  expect(signal?.aborted).toBe(true)
  await expect(policy.execute(() => 'done')).rejects.toThrow('breaker is open')
})

test('its signal survives the merging of contexts in a wrap', async () => {
  const policy = wrap(toCockatiel(pipeline('outer', [])), toCockatiel(pipeline('inner', [timeout(20)])))
  let aborted = false
  const call = policy.execute(
    ({ signal }) => new Promise(() => signal.addEventListener('abort', () => (aborted = true))),
  )
  await expect(call).rejects.toThrow(TimeoutError)
  expect(aborted).toBe(true)
})

test('tells of successes and failures, and no listener changes an outcome', async () => {
  const policy = toCockatiel(pipeline('p', [timeout(10)]))
  const events: unknown[] = []
  const warned = new Promise((resolve) => process.once('warning', resolve))
  policy.onSuccess(({ duration }) => events.push(duration >= 0))
  const subscription = policy.onFailure(({ handled, reason }) => events.push([handled, 'error' in reason]))
  policy.onSuccess(() => {
    throw new Error('listener')
  })
  expect(await policy.execute(() => 1)).toBe(1)
  await expect(policy.execute(() => Promise.reject(new Error('boom')))).rejects.toThrow('boom')
  await expect(policy.execute(() => new Promise(() => {}))).rejects.toThrow(TimeoutError)
  subscription.dispose()
  await expect(policy.execute(() => Promise.reject(new Error('boom')))).rejects.toThrow('boom')
  expect(events).toEqual([true, [false, true], [true, true]])
  expect(String(await warned)).toContain('listener')
})
