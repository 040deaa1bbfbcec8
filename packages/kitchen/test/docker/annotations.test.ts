import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { grafanaAnnotations } from '../../src/docker/addresses.ts'

/** The annotations API of Grafana: POST makes one and answers its id, PATCH changes it. */
const requests: { method: string; url: string; body: unknown }[] = []
const grafana = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  requests.push({
    method: request.method ?? '',
    url: request.url ?? '',
    body: JSON.parse(Buffer.concat(chunks).toString('utf8')),
  })
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ message: 'Annotation added', id: 40 + requests.length }))
})
beforeAll(async () => {
  grafana.listen(0, '127.0.0.1')
  await once(grafana, 'listening')
})
afterAll(() => void grafana.close())

test('a fault becomes a region: begun without an end, ended by its own annotation', async () => {
  const report = grafanaAnnotations(`http://127.0.0.1:${(grafana.address() as AddressInfo).port}`)
  const fault = { id: 'run-1', kind: 'stop', target: 'menu', from: 1_000.4, label: 'menu: stopped' }
  await report(fault)
  await report({ ...fault, to: 3_000.6 })
  const other = { id: 'run-2', kind: 'latency', target: 'order-menu', from: 5_000, to: 6_000, label: 'slow' }
  await report(other)
  expect(requests).toEqual([
    {
      method: 'POST',
      url: '/api/annotations',
      body: { time: 1_000, tags: ['chaos', 'kind:stop', 'target:menu'], text: 'menu: stopped' },
    },
    { method: 'PATCH', url: '/api/annotations/41', body: { timeEnd: 3_001 } },
    {
      method: 'POST',
      url: '/api/annotations',
      body: { time: 5_000, timeEnd: 6_000, tags: ['chaos', 'kind:latency', 'target:order-menu'], text: 'slow' },
    },
  ])
})
