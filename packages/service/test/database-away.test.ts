import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createService, readEnvironment, type Service, ServiceEnvironment } from '../src/index.ts'
import { startTestPostgres, type TestPostgres } from '../src/testing/index.ts'

let postgres: TestPostgres
let service: Service | undefined

beforeAll(async () => {
  postgres = await startTestPostgres()
})

afterAll(async () => {
  await service?.stop(100)
  await postgres?.stop()
})

test('a service waits for its database, says so meanwhile, and recovers from losing it', {
  timeout: 90_000,
}, async () => {
  const target = new URL(await postgres.createDatabase('away_test'))
  const door = await openDoor(Number(target.port))
  door.close()
  const through = new URL(target)
  through.port = String(door.port)
  service = await createService(
    {
      migrations: [{ id: '1', sql: 'CREATE TABLE t (n integer)' }],
      tables: [],
      routes: ({ app, database }) => {
        app.get('/count', async () => (await database.query<{ n: number }>('SELECT count(*)::int AS n FROM t'))[0])
      },
    },
    readEnvironment(ServiceEnvironment, {
      SERVICE_NAME: 'test',
      PORT: '0',
      DATABASE_URL: through.href,
      LOG_LEVEL: 'silent',
    }),
  )
  const url = await service.listen()
  const status = async (path: string) => (await fetch(url + path)).status
  const ready = async () => /"status":"(\w+)"/.exec(await (await fetch(`${url}/health/ready`)).text())?.[1]

  expect(await status('/health/live')).toBe(200)
  expect(await ready()).toBe('starting')
  const early = await fetch(`${url}/count`)
  expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1'])
  expect(early.headers.get('content-type')).toContain('application/problem+json')

  door.open()
  await expect.poll(ready, { timeout: 25_000 }).toBe('ready')
  expect(await (await fetch(`${url}/count`)).json()).toEqual({ n: 0 })

  door.close()
  await expect.poll(ready, { timeout: 25_000 }).toBe('unavailable')
  const away = await fetch(`${url}/count`)
  expect([away.status, away.headers.get('retry-after')]).toEqual([503, '1'])

  door.silence()
  const began = performance.now()
  expect(await ready()).toBe('unavailable')
  expect(performance.now() - began).toBeLessThan(4_000)

  door.open()
  await expect.poll(() => status('/count'), { timeout: 25_000 }).toBe(200)
})

/** A way to PostgreSQL that can be closed (connections break, new ones too) and silenced (nothing comes back). */
async function openDoor(target: number) {
  let state: 'open' | 'closed' | 'silent' = 'open'
  const sockets = new Set<Socket>()
  const server: Server = createServer((client) => {
    sockets.add(client)
    client.on('error', () => client.destroy())
    client.on('close', () => sockets.delete(client))
    if (state === 'closed') client.destroy()
    if (state === 'open') forward(client, target, sockets)
  })
  server.unref()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  const change = (next: typeof state) => () => {
    state = next
    for (const socket of sockets) socket.destroy()
  }
  return { port: address.port, open: change('open'), close: change('closed'), silence: change('silent') }
}

function forward(client: Socket, port: number, sockets: Set<Socket>): void {
  const upstream = connect(port, '127.0.0.1')
  sockets.add(upstream)
  upstream.on('error', () => client.destroy())
  upstream.on('close', () => {
    sockets.delete(upstream)
    client.destroy()
  })
  client.on('close', () => upstream.destroy())
  client.pipe(upstream).pipe(client)
}
