import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedStage, REPOSITORY } from '@chaos-kitchen/kitchen'
import { afterAll, beforeAll, expect, test } from 'vitest'
import series from './prometheus-series.json' with { type: 'json' }

/** As the collector tells of a series. */
interface MetricPoint {
  name: string
  unit: string
  type: 'gauge' | 'sum' | 'histogram' | 'summary'
  attributes: Record<string, unknown>
}

const PATIENCE = 180_000
/** PostgreSQL's own come from its exporter, which the Docker stage runs. */
const expected = Object.entries(series).filter(([name]) => !name.startsWith('pg_'))
/** Added by Prometheus, from the resource. */
const OF_PROMETHEUS = ['instance', 'job', 'le', 'service_instance_id', 'service_name']

const folder = mkdtempSync(join(tmpdir(), 'kitchen-export-'))
const stage = new EmbeddedStage(folder)

beforeAll(
  () => stage.up({ portBase: 0, orderService: join(REPOSITORY, 'solutions/12-game-day/place-order.ts') }),
  PATIENCE,
)
afterAll(async () => {
  await stage.down()
  rmSync(folder, { recursive: true })
}, PATIENCE)

test('the running services send every series that the dashboards ask for', { timeout: PATIENCE }, async () => {
  const { order, traces } = stage.addresses()
  const deadline = Date.now() + PATIENCE - 20_000
  for (;;) {
    await placeOrder(order)
    const { metrics } = (await (await fetch(`${traces}/api/metrics`)).json()) as { metrics: MetricPoint[] }
    const missing = missingFrom(metrics)
    if (missing.length === 0) return
    // Each service sends its numbers every five seconds.
    if (Date.now() > deadline) expect(missing).toEqual([])
    await sleep(500)
  }
})

function missingFrom(metrics: readonly MetricPoint[]): string[] {
  const labels = new Map<string, Set<string>>()
  for (const point of metrics)
    for (const name of prometheusNames(point)) {
      const known = labels.get(name) ?? new Set(OF_PROMETHEUS)
      for (const key of Object.keys(point.attributes)) known.add(key.replaceAll(/[^a-zA-Z0-9_]/g, '_'))
      labels.set(name, known)
    }
  return expected.flatMap(([name, wanted]) => {
    const found = labels.get(name)
    if (found === undefined) return [name]
    // An error's type is there only once something failed.
    return wanted.filter((label) => label !== 'error_type' && !found.has(label)).map((label) => `${name}{${label}}`)
  })
}

/** How Prometheus calls what arrives by OTLP: dots become underscores, units and kinds suffixes. */
function prometheusNames({ name, unit, type }: MetricPoint): string[] {
  const suffix = { s: '_seconds', By: '_bytes', ms: '_milliseconds' }[unit] ?? ''
  const base = `${name.replaceAll(/[^a-zA-Z0-9_]/g, '_')}${suffix}`
  if (type === 'histogram') return [`${base}_bucket`, `${base}_count`, `${base}_sum`]
  if (type === 'gauge' && unit === '1') return [`${base}_ratio`]
  // The collector does not keep whether a sum only grows; one that does is called a total.
  return type === 'sum' ? [base, `${base}_total`] : [base]
}

async function placeOrder(url: string): Promise<void> {
  const response = await fetch(`${url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ customerId: randomUUID(), items: [{ id: 'fries', quantity: 1 }] }),
    signal: AbortSignal.timeout(30_000),
  })
  await response.body?.cancel()
}
