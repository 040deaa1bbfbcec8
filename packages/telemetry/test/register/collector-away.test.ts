import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../support/listen.ts'
import { startService } from '../support/service.ts'

/** An address where nothing listens. */
async function refusing(): Promise<string> {
  const server = createServer()
  const url = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return url
}

/** An address where everything is taken and nothing is answered. */
async function silent(): Promise<string> {
  const server = createServer((socket) => socket.on('error', () => undefined).resume())
  onTestFinished(() => void server.close())
  return await listen(server)
}

test.each([
  ['refuses', refusing],
  ['is silent', silent],
])('a collector that %s: requests are served, nothing is logged, and the stop is bounded', async (_name, address) => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: await address(), OTEL_SERVICE_NAME: 'order' }
  const service = await startService({ environment })
  onTestFinished(() => void service.child.kill('SIGKILL'))
  // Longer than batch delay and export timeout together, so that exports have failed by then.
  const until = performance.now() + 2_500
  const times: number[] = []
  while (performance.now() < until) {
    const started = performance.now()
    const response = await fetch(`${service.url}/items/${Math.random()}`)
    await response.arrayBuffer()
    times.push(performance.now() - started)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]
  expect(median).toBeLessThan(400)

  const stopped = performance.now()
  service.child.kill('SIGTERM')
  expect(await service.exit).toBe(0)
  // Two bounds of 1 s, the flush of Fastify's close and the shutdown, and what a busy machine adds.
  expect(performance.now() - stopped).toBeLessThan(6_000)
  expect(service.stderr).toEqual([])
  const levels = service.stdout.filter((line) => line.includes('"level"')).map((line) => JSON.parse(line).level)
  expect(levels.filter((level) => level > 30)).toEqual([])
})

test('without an endpoint telemetry is off: no trace ids, no exports, no dependencies loaded', async () => {
  const service = await startService({ environment: {} })
  onTestFinished(() => void service.child.kill('SIGKILL'))
  await fetch(`${service.url}/items/burger`, { headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } })
  service.child.kill('SIGTERM')
  expect(await service.exit).toBe(0)
  expect(service.stderr).toEqual([])
  expect(service.stdout.some((line) => line.includes('trace_id'))).toBe(false)
})

test('an endpoint that is no address is said in one line, and the service runs', async () => {
  const service = await startService({ environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' } })
  onTestFinished(() => void service.child.kill('SIGKILL'))
  expect((await fetch(`${service.url}/health/ready`)).status).toBe(200)
  const warnings = service.stdout.map((line) => JSON.parse(line)).filter(({ level }) => level === 40)
  expect(warnings).toMatchObject([{ msg: expect.stringContaining('"localhost:4318", which is no HTTP address') }])
})
