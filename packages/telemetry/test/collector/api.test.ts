import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Collector } from '../../src/collector/index.ts'
import { memoryCollector, postJson } from '../support/collector.ts'
import { otlpTraces } from '../support/otlp-json.ts'
import { sampleFaults, sampleTrace, TRACE_ID } from '../support/sample-trace.ts'

let collector: Collector

beforeAll(async () => {
  collector = await memoryCollector()
  const { spans } = sampleTrace()
  const quick = { ...spans[0]!, traceId: 'a'.repeat(32), start: spans[0]!.start + 60_000, duration: 5 }
  await postJson(`${collector.url}/v1/traces`, otlpTraces([...spans, quick]))
})

afterAll(() => collector.stop())

const get = async (path: string) => {
  const response = await fetch(collector.url + path)
  return { status: response.status, body: await response.json() }
}

const idsOf = async (path: string) => {
  const { body } = await get(path)
  return (body as { traces: { traceId: string }[] }).traces.map(({ traceId }) => traceId)
}

test('an unknown trace is 404, what is no ID is 400', async () => {
  expect(await get(`/api/traces/${'f'.repeat(32)}`)).toMatchObject({ status: 404, body: { status: 404 } })
  expect(await get('/api/traces/zz')).toMatchObject({ status: 400 })
  expect(await get(`/api/traces/${TRACE_ID.toUpperCase()}`)).toMatchObject({ status: 200, body: { traceId: TRACE_ID } })
})

test('the list: newest first, slowest first, so many, since when', async () => {
  expect(await idsOf('/api/traces')).toEqual(['a'.repeat(32), TRACE_ID])
  expect(await idsOf('/api/traces?slowest=1')).toEqual([TRACE_ID, 'a'.repeat(32)])
  expect(await idsOf('/api/traces?slowest=true&limit=1')).toEqual([TRACE_ID])
  const { start } = sampleTrace().spans[0]!
  expect(await idsOf(`/api/traces?since=${start + 1}`)).toEqual(['a'.repeat(32)])
  expect(await get('/api/traces?limit=0')).toMatchObject({ status: 400 })
  expect(await get('/api/traces?slowest=maybe')).toMatchObject({ status: 400 })
})

test('a fault is drawn over the traces of its time, and can be changed and ended', async () => {
  const [lasting] = sampleFaults()
  const { to, ...begun } = lasting!
  expect((await postJson(`${collector.url}/faults`, begun)).status).toBe(201)
  expect(await get(`/api/traces/${TRACE_ID}`)).toMatchObject({ body: { faults: [begun] } })
  const change = (id: string, body: unknown) =>
    fetch(`${collector.url}/faults/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  expect(await (await change(begun.id, { to })).json()).toEqual(lasting)
  expect(await get(`/api/traces/${TRACE_ID}`)).toMatchObject({ body: { faults: [lasting] } })
  expect((await change('unknown', { to })).status).toBe(404)
  expect(await get(`/faults?from=${lasting!.from - 10}&to=${lasting!.from - 1}`)).toMatchObject({
    body: { faults: [] },
  })
  expect(await get('/faults')).toMatchObject({ body: { faults: [lasting] } })
})

test.each([
  ['no id', { kind: 'latency', target: 'x', from: 1, label: 'x' }],
  ['a time that is none', { id: 'x', kind: 'latency', target: 'x', from: 'soon', label: 'x' }],
  ['a label of a megabyte', { id: 'x', kind: 'latency', target: 'x', from: 1, label: 'x'.repeat(900_000) }],
])('a fault with %s is refused in words', async (_name, fault) => {
  const response = await postJson(`${collector.url}/faults`, fault)
  expect(response.status).toBe(400)
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  expect(await response.json()).toMatchObject({ status: 400, title: expect.stringMatching(/body/) })
})

test('what is not there is said in a problem document', async () => {
  expect(await get('/nothing')).toMatchObject({ status: 404, body: { title: 'There is no such page.' } })
})
