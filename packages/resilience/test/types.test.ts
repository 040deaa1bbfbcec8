import { expect, expectTypeOf, test } from 'vitest'
import {
  bulkhead,
  cache,
  circuitBreaker,
  coalesce,
  constant,
  fallback,
  inject,
  type Pipeline,
  type Policy,
  pipeline,
  retry,
  timeout,
} from '../src/index.ts'

test('the result is the function’s own, without type arguments', async () => {
  const plain = pipeline('plain', [timeout(100), retry(), circuitBreaker(), bulkhead(), timeout(50)])
  const result = await plain.execute(async ({ signal, attempt, deadline }) => {
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
    expectTypeOf(attempt).toEqualTypeOf<number>()
    expectTypeOf(deadline).toEqualTypeOf<number | undefined>()
    return { id: 'burger', price: 10 }
  })
  expectTypeOf(result).toEqualTypeOf<{ id: string; price: number }>()
  expectTypeOf(plain).toEqualTypeOf<Pipeline<never, object>>()
})

test('a fallback widens the result, wherever it stands', async () => {
  const subject = pipeline('wider', [fallback(() => null), retry(), fallback(() => 'text' as const)])
  const result = await subject.execute(() => 5)
  expectTypeOf(result).toEqualTypeOf<number | 'text' | null>()
  const later = await pipeline('later', [fallback(async () => [1])]).execute(() => 'x')
  expectTypeOf(later).toEqualTypeOf<string | number[]>()
})

test('an injected outcome widens the result too', async () => {
  const result = await pipeline('chaos', [inject({ outcome: () => false })]).execute(() => 5)
  expectTypeOf(result).toEqualTypeOf<number | boolean>()
  const slow = await pipeline('slow', [inject({ latency: 0 })]).execute(() => 5)
  expectTypeOf(slow).toEqualTypeOf<number>()
})

test('a cache or a coalesce needs a key, and gives it to the function', async () => {
  for (const subject of [pipeline('cached', [cache({ ttl: 1 })]), pipeline('shared', [retry(), coalesce()])]) {
    const key = await subject.execute((context) => context.key, { key: 'a' })
    expectTypeOf(key).toEqualTypeOf<string>()
    expect(key).toBe('a')
    // @ts-expect-error a key must be given
    await subject.execute(() => 1)
    // @ts-expect-error a key must be given
    await subject.execute(() => 1, {})
  }
  // @ts-expect-error there is no such option
  await pipeline('plain', []).execute(() => 1, { signals: [] })
})

test('wrap keeps the arguments', () => {
  const item = pipeline('wrap', [retry()]).wrap((_context, id: string, count: number) => ({ id, count }))
  expectTypeOf(item).returns.resolves.toEqualTypeOf<{ id: string; count: number }>()
  expectTypeOf(item).parameter(0).toEqualTypeOf<string>()
})

test('policies of one’s own, with and without types', async () => {
  const plain: Policy = { kind: 'own', name: 'own', attach: () => ({ enter: () => 0, exit: () => {} }) }
  const result = await pipeline('own', [plain, retry()]).execute(() => 1)
  expectTypeOf(result).toEqualTypeOf<number>()
})

test('a pipeline is an admission policy, and any list of policies makes a pipeline', async () => {
  const admission: { execute<T>(work: (context: { signal: AbortSignal }) => Promise<T>): Promise<T> } = pipeline(
    'admission',
    [bulkhead()],
  )
  expect(await admission.execute(async () => 1)).toBe(1)
  const list = [retry(), timeout(5)]
  const dynamic = await pipeline('dynamic', list).execute(() => 1)
  expectTypeOf(dynamic).toEqualTypeOf<number>()
})

test('options are checked by the compiler', () => {
  // @ts-expect-error maxAttempts is a number
  expect(() => retry({ maxAttempts: '3' })).toThrow()
  // @ts-expect-error there is no such jitter
  expect(() => constant(1, { jitter: 'some' })).toThrow()
  // @ts-expect-error a limit is needed
  expect(() => timeout()).toThrow()
})
