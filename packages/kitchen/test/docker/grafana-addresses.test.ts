import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fetchTrace } from '@chaos-kitchen/telemetry'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dockerAddresses } from '../../src/docker/addresses.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64')

/** As Tempo answers: 404 and nothing while a trace is unknown, IDs in base64 once it is there. */
let isThere = false
const tempo = createServer((request, response) => {
  if (request.url !== `/api/traces/${TRACE}` || !isThere) return response.writeHead(404).end()
  const span = {
    traceId: base64(TRACE),
    spanId: base64('00f067aa0ba902b7'),
    name: 'POST /orders',
    kind: 'SPAN_KIND_SERVER',
    startTimeUnixNano: '1700000000000000000',
    endTimeUnixNano: '1700000000250000000',
    status: {},
  }
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'order' } }] }
  response.setHeader('content-type', 'application/json')
  return response.end(JSON.stringify({ batches: [{ resource, scopeSpans: [{ spans: [span] }] }] }))
})
beforeAll(async () => {
  tempo.listen(0, '127.0.0.1')
  await once(tempo, 'listening')
})
afterAll(() => void tempo.close())

function addresses(port: number) {
  const ports = { collector: 3000, proxy: 8474, 'client-order': 8001, order: 8101, menu: 8102, loyalty: 8103 }
  return dockerAddresses({ ...ports, postgres: 54320, otlp: 4318, tempo: port, prometheus: 9090 })
}

test('with Grafana, a trace is found once Tempo has it, and read from there', async () => {
  const { traceFound, traces, otlp, traceUrl } = addresses((tempo.address() as AddressInfo).port)
  expect(otlp).toBe('http://127.0.0.1:4318')
  expect(traceUrl(TRACE)).toMatch(/^http:\/\/127\.0\.0\.1:3000\/explore\?/)
  expect(await traceFound(TRACE)).toBe(false)
  isThere = true
  expect(await traceFound(TRACE)).toBe(true)
  expect(await fetchTrace(traces, TRACE)).toMatchObject({
    traceId: TRACE,
    spans: [{ service: 'order', name: 'POST /orders', duration: 250 }],
  })
})

test('while Tempo does not answer nothing is found, and nothing fails', async () => {
  expect(await addresses(1).traceFound(TRACE)).toBe(false)
})
