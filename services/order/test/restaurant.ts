import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTestPostgres } from '@chaos-kitchen/service/testing'
import pg from 'pg'
import { type Door, openDoor } from './door.ts'

const ROOT = join(import.meta.dirname, '../../..')

export const solution = join(ROOT, 'solutions/12-game-day/place-order.ts')
export const startingService = join(ROOT, 'services/order/src/place-order.ts')

/** The three services as real processes on a real PostgreSQL, each hop of the order service through a door. */
export interface Restaurant {
  /** Base URLs. */
  order: string
  loyalty: string
  doors: { menu: Door; loyalty: Door; postgres: Door }
  /** Statements on the order service's database, past everything. */
  sql<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  /** SIGKILL, and the process is gone when it resolves. */
  killOrderService(): Promise<void>
  startOrderService(): Promise<void>
  reset(): Promise<void>
  stop(): Promise<void>
}

export async function startRestaurant(implementation: string, name = 'restaurant'): Promise<Restaurant> {
  const postgres = await startTestPostgres()
  const children: ChildProcess[] = []
  const doors: Door[] = []
  try {
    const [menuDatabase, loyaltyDatabase, orderDatabase] = [
      await postgres.createDatabase(`${name}_menu`),
      await postgres.createDatabase(`${name}_loyalty`),
      await postgres.createDatabase(`${name}_order`),
    ]
    const [menu, loyalty] = await Promise.all([
      startProcess('menu', menuDatabase, {}, children),
      startProcess('loyalty', loyaltyDatabase, {}, children),
    ])
    const [toMenu, toLoyalty, toPostgres] = await Promise.all(
      [menu, loyalty, orderDatabase].map((target) => openDoor(Number(new URL(target).port))),
    )
    if (!toMenu || !toLoyalty || !toPostgres) throw new Error('three targets, three doors')
    doors.push(toMenu, toLoyalty, toPostgres)
    const pool = new pg.Pool({ connectionString: orderDatabase, max: 2 })
    pool.on('error', () => undefined)

    let order: { child: ChildProcess; url: string } | undefined
    const startOrder = async () => {
      const environment = {
        MENU_URL: `http://127.0.0.1:${toMenu.port}`,
        LOYALTY_URL: `http://127.0.0.1:${toLoyalty.port}`,
        ORDER_IMPLEMENTATION: implementation,
        ...(order && { PORT: new URL(order.url).port }),
      }
      const url = await startProcess('order', withPort(orderDatabase, toPostgres.port), environment, children)
      const child = children.at(-1)
      if (child) order = { child, url }
      return url
    }
    const url = await startOrder()
    return {
      order: url,
      loyalty,
      doors: { menu: toMenu, loyalty: toLoyalty, postgres: toPostgres },
      sql: async (text, values) => (await pool.query(text, values)).rows,
      async killOrderService() {
        if (order) await kill(order.child)
      },
      async startOrderService() {
        await startOrder()
      },
      async reset() {
        for (const door of doors) door.open()
        await Promise.all([url, loyalty].map((base) => fetch(`${base}/test/reset`, { method: 'POST' })))
      },
      async stop() {
        await Promise.all(children.map(kill))
        for (const door of doors) door.end()
        await pool.end()
        await postgres.stop()
      },
    }
  } catch (error) {
    await Promise.all(children.map(kill))
    for (const door of doors) door.end()
    await postgres.stop()
    throw error
  }
}

/** @returns the address, once the service is ready */
async function startProcess(
  name: string,
  databaseUrl: string,
  environment: Record<string, string>,
  children: ChildProcess[],
): Promise<string> {
  const child = spawn(process.execPath, [join(ROOT, `services/${name}/src/main.ts`)], {
    env: {
      ...process.env,
      SERVICE_NAME: name,
      PORT: '0',
      DATABASE_URL: databaseUrl,
      KITCHEN: '1',
      OTEL_EXPORTER_OTLP_ENDPOINT: '',
      ...environment,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    const { msg, address } = JSON.parse(line)
    if (msg !== 'ready') continue
    child.stdout.resume()
    return address
  }
  throw new Error(`${name} ended before it was ready:\n${lines.join('\n')}`)
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

function withPort(url: string, port: number): string {
  const changed = new URL(url)
  changed.port = String(port)
  return changed.href
}

/** A patient client: one key, as many attempts as it takes. */
export async function order(
  restaurant: Restaurant,
  customerId: string,
  items: { id: string; quantity: number }[],
  key: string = crypto.randomUUID(),
) {
  const limit = AbortSignal.timeout(45_000)
  for (;;) {
    const reply = await post(restaurant, { customerId, items }, { 'idempotency-key': key }).catch(() => undefined)
    if (reply && reply.status < 500) return reply
    await sleep(50, undefined, { signal: limit })
  }
}

/** An order or a problem. */
interface Body {
  orderId: string
  amount: number
  discountPercentage: number
  type: string
  detail: string
  errors: { pointer: string }[]
}

export async function post(restaurant: Restaurant, body: unknown, headers: Record<string, string> = {}) {
  const reply = await fetch(`${restaurant.order}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-deadline-ms': '5000', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(25_000),
  })
  const parsed: Body = JSON.parse(await reply.text())
  return { status: reply.status, headers: reply.headers, body: parsed }
}
