import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Engine, findEngine } from '@chaos-kitchen/disruptor/containers'
import { Compose } from '../../src/docker/compose.ts'
import type { DockerStageOptions } from '../../src/docker/docker-stage.ts'
import { planSettings, portReservation } from '../../src/docker/settings.ts'

const IMAGES = [
  'node:24-trixie-slim',
  'postgres:18',
  'ghcr.io/shopify/toxiproxy:2.12.0',
  'prometheuscommunity/postgres-exporter:v0.17.1',
]

/** The engine, where one is reachable and has Compose and the images; otherwise one line says what is skipped. */
export async function engineForTests(): Promise<Engine | undefined> {
  try {
    const engine = await findEngine()
    await Compose.find(engine.endpoint, 'test', process.env)
    await Promise.all(IMAGES.map((image) => engine.docker.getImage(image).inspect()))
    return engine
  } catch (error) {
    console.warn(`Docker tests are skipped: ${error instanceof Error ? error.message : error}`)
    return undefined
  }
}

/** A restaurant of its own, which meets no other: project, folder and ports. */
export function ownRestaurant(): Required<DockerStageOptions> {
  return {
    project: `test-${randomUUID().slice(0, 8)}`,
    folder: mkdtempSync(join(tmpdir(), 'kitchen-docker-')),
    environment: { ...process.env, COMPOSE_PROFILES: 'no-grafana' },
  }
}

/** `docker compose up --wait`, as a person types it, on ports of its own. */
export async function composeUp({ endpoint }: Engine, { project, environment }: Required<DockerStageOptions>) {
  const compose = await Compose.find(endpoint, project, environment)
  const services = Object.keys((await compose.config({})).services)
  const reservation = portReservation()
  try {
    const { variables } = await planSettings([], services, 0, reservation)
    await compose.run(['up', '--wait'], variables)
  } finally {
    reservation.close()
  }
}

/** What happens to an order is asked of the service itself, past the proxies. */
export async function placeOrder(url: string, customerId: string): Promise<{ status: number; traceId: string }> {
  const traceId = randomUUID().replaceAll('-', '')
  const response = await fetch(`${url}/orders`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      traceparent: `00-${traceId}-${traceId.slice(0, 16)}-01`,
    },
    body: JSON.stringify({ customerId, items: [{ id: 'burger', quantity: 2 }] }),
    signal: AbortSignal.timeout(30_000),
  })
  await response.body?.cancel()
  return { status: response.status, traceId }
}
