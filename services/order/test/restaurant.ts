import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { createService, readEnvironment, ServiceEnvironment } from '@chaos-kitchen/service'
import { startTestPostgres } from '@chaos-kitchen/service/testing'
import pg from 'pg'
import { loyaltyService } from '../../loyalty/src/index.ts'
import { menuService } from '../../menu/src/index.ts'
import { type Door, openDoor } from './door.ts'

const ROOT = join(import.meta.dirname, '../../..')

export const solution = join(ROOT, 'solutions/12-game-day/place-order.ts')
export const startingService = join(ROOT, 'services/order/src/place-order.ts')

/** The order service as a real process, with menu, loyalty and PostgreSQL; each of its hops goes through a door. */
export interface Restaurant {
  /** Base URLs. */
  order: string
  loyalty: string
  doors: { menu: Door; loyalty: Door; postgres: Door }
  /** Statements on the order service's database, past its door. */
  sql<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  /** SIGKILL, and the process is gone when it resolves. */
  killOrderService(): Promise<void>
  /** The process of just now, and the log records that it has printed. */
  orderProcess(): { child: ChildProcess; records: LogRecord[] }
  /** On the same port. */
  startOrderService(): Promise<void>
  /** Doors open, tables empty. */
  reset(): Promise<void>
  stop(): Promise<void>
}

export async function startRestaurant(implementation: string, { traced = false } = {}): Promise<Restaurant> {
  await using started = new AsyncDisposableStack()
  const postgres = await startTestPostgres()
  started.defer(() => postgres.stop())
  const [menu, loyalty] = await Promise.all(
    [menuService, loyaltyService].map(async (definition, index) => {
      const name = index === 0 ? 'menu' : 'loyalty'
      const environment = { ...common(name), DATABASE_URL: await postgres.createDatabase(name), LOG_LEVEL: 'silent' }
      const service = await createService(definition, readEnvironment(ServiceEnvironment, environment))
      started.defer(() => service.stop(100))
      return service.listen()
    }),
  )
  const database = await postgres.createDatabase('orders')
  const doors = await Promise.all([menu, loyalty, database].map((url = '') => openDoor(Number(new URL(url).port))))
  started.defer(() => {
    for (const door of doors) door.end()
  })
  const [toMenu, toLoyalty, toPostgres] = doors
  if (loyalty === undefined || !toMenu || !toLoyalty || !toPostgres) throw new Error('three targets, three doors')
  const pool = new pg.Pool({ connectionString: database, max: 2 })
  pool.on('error', () => undefined)
  started.defer(() => pool.end())

  const environment = {
    ...common('order'),
    DATABASE_URL: withPort(database, toPostgres.port),
    MENU_URL: `http://127.0.0.1:${toMenu.port}`,
    LOYALTY_URL: `http://127.0.0.1:${toLoyalty.port}`,
    ORDER_IMPLEMENTATION: implementation,
    // A collector that is away: what is tested is that traces travel, not that they arrive.
    OTEL_EXPORTER_OTLP_ENDPOINT: traced ? 'http://127.0.0.1:1' : '',
  }
  let running = await startOrderProcess(environment)
  const order = running.url
  started.defer(() => kill(running.child))

  const all = started.move()
  return {
    order,
    loyalty,
    doors: { menu: toMenu, loyalty: toLoyalty, postgres: toPostgres },
    sql: async (text, values) => (await pool.query(text, values)).rows,
    killOrderService: () => kill(running.child),
    orderProcess: () => running,
    async startOrderService() {
      running = await startOrderProcess({ ...environment, PORT: new URL(order).port })
    },
    async reset() {
      for (const door of doors) door.open()
      await Promise.all([order, loyalty].map((base) => fetch(`${base}/test/reset`, { method: 'POST' })))
    },
    stop: () => all.disposeAsync(),
  }
}

function common(name: string) {
  return { SERVICE_NAME: name, PORT: '0', KITCHEN: '1' }
}

interface LogRecord {
  level: number
  msg: string
  address?: string
}

/** Resolves once the service is ready. */
async function startOrderProcess(environment: Record<string, string>) {
  const child = spawn(
    process.execPath,
    ['--import', '@chaos-kitchen/telemetry/register', 'services/order/src/main.ts'],
    {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  const records: LogRecord[] = []
  const { promise: ready, resolve, reject } = Promise.withResolvers<string>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const record: LogRecord = JSON.parse(line)
    records.push(record)
    if (record.msg === 'ready' && record.address !== undefined) resolve(record.address)
  })
  child.once('exit', () => reject(new Error(`The order service ended before it was ready: ${JSON.stringify(records)}`)))
  return { child, records, url: await ready }
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
