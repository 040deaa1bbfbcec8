import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { fetchTrace, readTempoTrace } from '../src/index.ts'
import { listen } from './support/listen.ts'

const json = JSON.parse(readFileSync(new URL('./fixtures/tempo.json', import.meta.url), 'utf8'))

const expected = {
  traceId: '9c1e07aa5d0b4c7e8f21a0b3c4d5e6f7',
  faults: [],
  spans: [
    {
      traceId: '9c1e07aa5d0b4c7e8f21a0b3c4d5e6f7',
      spanId: '0123456789abcdef',
      service: 'client',
      name: 'place order',
      kind: 'internal',
      start: 1_795_694_400_000.25,
      duration: 300,
      status: 'unset',
      attributes: {},
      events: [],
      links: [],
    },
    {
      traceId: '9c1e07aa5d0b4c7e8f21a0b3c4d5e6f7',
      spanId: 'fedcba9876543210',
      parentSpanId: '0123456789abcdef',
      service: 'order',
      name: 'POST /orders',
      kind: 'server',
      start: 1_795_694_400_010,
      duration: 200.5,
      status: 'error',
      statusMessage: 'menu is away',
      attributes: { 'http.response.status_code': 503, ratio: 0.5, degraded: true },
      events: [{ time: 1_795_694_400_020, name: 'retry', attributes: { attempt: 2 } }],
      links: [],
    },
  ],
}

test("Tempo's answer: base64 IDs, names of kinds, numbers as strings", () => {
  expect(readTempoTrace(json)).toEqual(expected)
})

test('version 2 has the same under another name, and an empty trace means unknown', () => {
  expect(readTempoTrace({ trace: { resourceSpans: json.batches }, metrics: {} })).toEqual(expected)
  expect(readTempoTrace({ trace: {}, metrics: {} })).toBeUndefined()
})

test('a trace is asked for at Tempo as at the collector', async () => {
  const server = createServer((request, response) => {
    if (request.url === `/api/traces/${expected.traceId}`) response.end(JSON.stringify(json))
    else response.writeHead(404).end()
  })
  onTestFinished(() => void server.close().closeAllConnections())
  const url = await listen(server)
  expect(await fetchTrace(url, expected.traceId)).toEqual(expected)
  expect(await fetchTrace(url, 'f'.repeat(32))).toBeUndefined()
})
