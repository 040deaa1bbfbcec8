import { expectTypeOf, test } from 'vitest'
import { resilientFetch } from '../../../src/adapters/fetch/index.ts'
import { type HttpTarget, resilienceInterceptor } from '../../../src/adapters/undici/index.ts'
import { cache, circuitBreaker, coalesce, fallback, pipeline, pipelines, retry } from '../../../src/index.ts'

test('a pipeline, a registry and a function are targets', () => {
  const one = pipeline('p', [retry(), circuitBreaker()])
  expectTypeOf(one).toExtend<HttpTarget<Response>>()
  expectTypeOf(pipelines({ create: (origin) => pipeline(origin, [retry()]) })).toExtend<HttpTarget<Response>>()
  expectTypeOf((origin: string) => pipeline(origin, [])).toExtend<HttpTarget<Response>>()
})

test('one that needs a key is none, since a body is read only once', () => {
  // @ts-expect-error a cache needs a key
  resilientFetch(pipeline('p', [cache({ ttl: 1_000 })]))
  // @ts-expect-error so does coalesce
  resilienceInterceptor(pipeline('p', [coalesce()]))
})

test('a fallback may answer with a Response, with nothing else', () => {
  resilientFetch(pipeline('p', [fallback(() => new Response('spare'))]))
  // @ts-expect-error that is no response
  resilientFetch(pipeline('p', [fallback(() => 'spare')]))
  // @ts-expect-error undici takes none at all
  resilienceInterceptor(pipeline('p', [fallback(() => new Response('spare'))]))
})

test('the result is what fetch gives', () => {
  expectTypeOf(resilientFetch(pipeline('p', []))).returns.toEqualTypeOf<Promise<Response>>()
  expectTypeOf(resilientFetch(pipeline('p', []))).toExtend<typeof fetch>()
})
