import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  ConstantBackoff,
  circuitBreaker as cockatielBreaker,
  bulkhead as cockatielBulkhead,
  fallback as cockatielFallback,
  retry as cockatielRetry,
  timeout as cockatielTimeout,
  handleAll,
  isTaskCancelledError,
  noop,
  TimeoutStrategy,
  wrap,
} from 'cockatiel'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { fromCockatiel } from '../../../src/adapters/cockatiel/index.ts'
import {
  BulkheadFullError,
  CircuitOpenError,
  constant,
  DeadlineExceededError,
  pipeline,
  retry,
  timeout,
} from '../../../src/index.ts'

const retryTwice = () => cockatielRetry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(1) })

describe('any policy of cockatiel is a layer', () => {
  test('retry: the function sees the number of the attempt', async () => {
    const seen: number[] = []
    const value = await pipeline('p', [fromCockatiel(retryTwice())]).execute(({ attempt }) => {
      seen.push(attempt)
      if (attempt < 3) throw new Error('not yet')
      return 'done'
    })
    expect(value).toBe('done')
    expect(seen).toEqual([1, 2, 3])
  })

  test('a whole wrap, between our layers', async () => {
    const inner = wrap(retryTwice(), cockatielBulkhead(1), noop)
    const calls = pipeline('p', [timeout(10_000), fromCockatiel(inner), timeout(20)])
    let count = 0
    const value = await calls.execute(({ signal }) => {
      count++
      return count < 3
        ? new Promise<string>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        : 'done'
    })
    expect(value).toBe('done')
    expect(count).toBe(3)
  })

  test('a fallback widens the type of the result', async () => {
    const calls = pipeline('p', [fromCockatiel(cockatielFallback(handleAll, 7))])
    const value = await calls.execute((): string => {
      throw new Error('boom')
    })
    expectTypeOf(value).toEqualTypeOf<string | number>()
    expect(value).toBe(7)
  })

  test('a result that was refused by cockatiel comes through', async () => {
    const refusing = cockatielRetry(
      handleAll.orWhenResult((value) => value === 'bad'),
      { maxAttempts: 1, backoff: new ConstantBackoff(1) },
    )
    let count = 0
    expect(
      await pipeline('p', [fromCockatiel(refusing)]).execute(() => {
        count++
        return 'bad'
      }),
    ).toBe('bad')
    expect(count).toBe(2)
  })

  test('the context passes through: deadline, priority, key', async () => {
    const calls = pipeline('p', [fromCockatiel(noop)])
    const deadline = Date.now() + 60_000
    const seen = await calls.execute(
      ({ deadline, priority, key, idempotent, pipeline }) => ({ deadline, priority, key, idempotent, pipeline }),
      {
        deadline,
        priority: 'high',
        key: 'k',
        idempotent: false,
      },
    )
    expect(seen).toMatchObject({ priority: 'high', key: 'k', idempotent: false, pipeline: 'p' })
    expect(Math.abs((seen.deadline ?? 0) - deadline)).toBeLessThanOrEqual(100)
  })
})

describe('what cockatiel turned away', () => {
  test('is an open circuit to our layers, and not retried', async () => {
    const breaker = cockatielBreaker(handleAll, { halfOpenAfter: 60_000, breaker: new ConsecutiveBreaker(1) })
    const ours = retry({ maxAttempts: 5, backoff: constant(1) })
    const calls = pipeline('p', [ours, fromCockatiel(breaker, { name: 'old breaker' })])
    let count = 0
    const error = await calls.execute(() => Promise.reject(new Error(`boom ${++count}`))).catch((error) => error)
    expect(count).toBe(1)
    expect(error).toBeInstanceOf(CircuitOpenError)
    expect(error).toMatchObject({ code: 'CIRCUIT_OPEN', pipeline: 'p', policy: 'old breaker', rejected: true })
    expect(error.cause).toBeInstanceOf(BrokenCircuitError)
    breaker.isolate()
    await expect(calls.execute(() => 1)).rejects.toThrow('opened by hand')
  })

  test('is a full bulkhead', async () => {
    const calls = pipeline('p', [fromCockatiel(cockatielBulkhead(1))])
    const { promise, resolve } = Promise.withResolvers<string>()
    const first = calls.execute(() => promise)
    await expect(calls.execute(() => 'second')).rejects.toThrow(BulkheadFullError)
    resolve('first')
    expect(await first).toBe('first')
  })
})

describe('cancelling', () => {
  test("cockatiel's backoff ignores an abort and calls again: here the call ends at once, and the function is left alone", async () => {
    const calls = pipeline('p', [
      fromCockatiel(cockatielRetry(handleAll, { maxAttempts: 3, backoff: new ConstantBackoff(50) })),
    ])
    const controller = new AbortController()
    const reason = new Error('enough')
    let count = 0
    const call = calls.execute(() => Promise.reject(new Error(`boom ${++count}`)), { signal: controller.signal })
    setTimeout(() => controller.abort(reason), 10)
    await expect(call).rejects.toBe(reason)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(count).toBe(1)
  })

  test("cockatiel tells a caller's cancel as a timeout: here it is the caller's own reason", async () => {
    const calls = pipeline('p', [fromCockatiel(cockatielTimeout(60_000, TimeoutStrategy.Aggressive))])
    const controller = new AbortController()
    const reason = new Error('enough')
    let aborted: unknown
    const call = calls.execute(
      ({ signal }) => new Promise(() => signal.addEventListener('abort', () => (aborted = signal.reason))),
      { signal: controller.signal },
    )
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
    expect(aborted).toBe(reason)
  })

  test('a call that was cancelled before it began never runs', async () => {
    let count = 0
    const call = pipeline('p', [fromCockatiel(retryTwice())]).execute(() => ++count, {
      signal: AbortSignal.abort('no'),
    })
    await expect(call).rejects.toBe('no')
    expect(count).toBe(0)
  })

  test('a deadline ends what cockatiel would wait for', async () => {
    const calls = pipeline('p', [fromCockatiel(cockatielRetry(handleAll, { backoff: new ConstantBackoff(60_000) }))])
    const call = calls.execute(() => Promise.reject(new Error('boom')), { deadline: Date.now() + 50 })
    await expect(call).rejects.toThrow(DeadlineExceededError)
  })

  test("cockatiel's timeout reaches the function, and is its own error", async () => {
    const calls = pipeline('p', [fromCockatiel(cockatielTimeout(20, TimeoutStrategy.Aggressive))])
    let aborted = false
    const error = await calls
      .execute(({ signal }) => new Promise(() => signal.addEventListener('abort', () => (aborted = true))))
      .catch((error) => error)
    expect(isTaskCancelledError(error)).toBe(true)
    expect(aborted).toBe(true)
  })

  test("cockatiel's timeout aborts its signal on success: the function's own does not", async () => {
    const calls = pipeline('p', [fromCockatiel(cockatielTimeout(60_000, TimeoutStrategy.Cooperative))])
    const signal = await calls.execute((context) => context.signal)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(signal.aborted).toBe(false)
  })
})

test('a wrong option is told at once', () => {
  // @ts-expect-error there is no such option
  expect(() => fromCockatiel(noop, { nam: 'x' })).toThrow('did you mean name')
})
