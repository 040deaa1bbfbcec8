import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { EmbeddedStage, REPOSITORY, StageError, type UpProgress } from '../src/index.ts'
import { leftOf, processesOf, removeHome, temporaryHome } from './fixtures/restaurants.ts'

const STARTING_SERVICE = join(REPOSITORY, 'services/order/src/place-order.ts')
const home = temporaryHome()
const stage = new EmbeddedStage(home)
const progress: UpProgress[] = []

beforeAll(() => stage.up({ portBase: 0, onProgress: (each) => progress.push(each) }), 120_000)
afterAll(async () => {
  await stage.down()
  await removeHome(home)
}, 60_000)
beforeEach(() => stage.reset(), 60_000)

describe('a restaurant on this machine', { timeout: 120_000 }, () => {
  test('tells what is ready and what is awaited while it starts', () => {
    expect(progress[0]?.waiting.length).toBeGreaterThan(0)
    expect(progress.at(-1)?.waiting).toEqual([])
    const names = progress.at(-1)?.ready.map(({ name }) => name)
    expect(names?.sort()).toEqual(['collector', 'loyalty', 'menu', 'order', 'postgres', 'proxy'])
  })

  test('takes orders through every proxy and keeps them in PostgreSQL', async () => {
    const customerId = randomUUID()
    const reply = await placeOrder(customerId)
    expect(reply.status).toBe(201)
    expect(await reply.json()).toMatchObject({ amount: 10, discountPercentage: 0 })
    expect(await ordersOf(customerId)).toHaveLength(1)
    const { apiUrl, hops } = stage.proxies()
    const proxies = await json<object>(`${apiUrl}/proxies`)
    expect(Object.keys(proxies).sort()).toEqual([...hops].sort())
  })

  test('status tells what runs and where', async () => {
    const { running, services, toxics, detached } = await stage.status()
    expect({ running, toxics, detached }).toEqual({ running: true, toxics: 0, detached: false })
    expect(services.map(({ name }) => name).sort()).toEqual([
      'collector',
      'loyalty',
      'menu',
      'order',
      'postgres',
      'proxy',
    ])
    for (const service of services)
      expect(service).toMatchObject({ state: 'running', ready: true, pid: expect.any(Number) })
  })

  test('reset forgets orders, removes toxics and brings every target back', async () => {
    const customerId = randomUUID()
    await placeOrder(customerId)
    const { apiUrl } = stage.proxies()
    await post(`${apiUrl}/proxies/order-menu/toxics`, { type: 'timeout', attributes: { timeout: 0 } })
    await post(`${apiUrl}/proxies/client-order`, { enabled: false })
    await target('menu').stop()
    await target('loyalty').pause()
    await target('postgres').kill()
    expect((await stage.status()).toxics).toBe(1)
    await stage.reset()
    const { toxics, services } = await stage.status()
    expect(toxics).toBe(0)
    expect(services.map(({ state }) => state)).toEqual(services.map(() => 'running'))
    expect(await ordersOf(customerId)).toEqual([])
    expect((await placeOrder(customerId)).status).toBe(201)
  })

  test.each([
    ['order', 'kill'],
    ['menu', 'stop'],
    ['loyalty', 'kill'],
    ['postgres', 'stop'],
    ['postgres', 'kill'],
  ] as const)('%s comes back after a %s, and after a freeze', async (name, act) => {
    const { pause, resume, start, ready, state, [act]: end } = target(name)
    await end()
    expect(await state()).toBe('stopped')
    await start()
    await ready(AbortSignal.timeout(60_000))
    expect(await state()).toBe('running')
    await pause()
    expect(await state()).toBe('paused')
    await expect(ready(AbortSignal.timeout(300))).rejects.toThrow()
    await resume()
    await ready(AbortSignal.timeout(60_000))
    expect(await state()).toBe('running')
  })

  test('a service that ends by itself is started again', async () => {
    const before = await pidOf('menu')
    process.kill(before!, 'SIGKILL')
    await until(async () => (await pidOf('menu')) !== undefined && (await pidOf('menu')) !== before)
    await target('menu').ready(AbortSignal.timeout(60_000))
    expect((await placeOrder(randomUUID())).status).toBe(201)
  })

  test('PostgreSQL that is killed from outside comes back with every order', async () => {
    const customerId = randomUUID()
    await placeOrder(customerId)
    const before = await pidOf('postgres')
    process.kill(before!, 'SIGKILL')
    await until(async () => (await pidOf('postgres')) !== undefined && (await pidOf('postgres')) !== before)
    await target('postgres').ready(AbortSignal.timeout(60_000))
    for (const name of ['order', 'menu', 'loyalty']) await target(name).ready(AbortSignal.timeout(60_000))
    expect(await ordersOf(customerId)).toHaveLength(1)
    await until(async () => (await placeOrder(customerId)).status === 201)
  })

  test('proxies that are killed come back, one a hop', async () => {
    const before = await pidOf('proxy')
    process.kill(before!, 'SIGKILL')
    await until(async () => (await pidOf('proxy')) !== undefined && (await pidOf('proxy')) !== before)
    await until(async () => (await placeOrder(randomUUID()).catch(() => undefined))?.status === 201)
  })

  test('the order service alone is restarted with another implementation', async () => {
    const file = write(
      'fixed-price.ts',
      'export default () => ({ async placeOrder(): Promise<unknown> { return REPLY } })',
    )
    const others = await Promise.all(['menu', 'loyalty', 'postgres', 'proxy'].map(pidOf))
    await stage.useOrderService(file)
    expect(await (await placeOrder(randomUUID())).json()).toMatchObject({ amount: 1.5 })
    await stage.standBy()
    const next = () => JSON.parse(readFileSync(join(home, 'stage.json'), 'utf8')).children['next order']?.pid
    await expect.poll(next).toBeTypeOf('number')
    const standing = next()
    await stage.useOrderService(STARTING_SERVICE)
    expect(await pidOf('order')).toBe(standing)
    await expect.poll(next).toBeUndefined()
    expect(await (await placeOrder(randomUUID())).json()).toMatchObject({ amount: 10 })
    expect(await Promise.all(['menu', 'loyalty', 'postgres', 'proxy'].map(pidOf))).toEqual(others)
  })

  test('a file that cannot be loaded is told with its place, and the next good one works', async () => {
    const broken = write('broken.ts', '\nexport default () => ({\n  async placeOrder() { return ( }\n})\n')
    const error = await stage.useOrderService(broken).catch((each: unknown) => each)
    expect(error).toBeInstanceOf(StageError)
    expect(error).toMatchObject({ location: { file: broken, line: 3 } })
    expect(String(error)).not.toMatch(/\n\s+at /)
    // A mistake is not mended by trying again and again.
    await sleep(300)
    expect(await target('order').state()).toBe('stopped')
    const empty = write('empty.ts', 'export const answer = 42\n')
    await expect(stage.useOrderService(empty)).rejects.toThrow(/default/)
    await expect(stage.reset()).rejects.toThrow(/default/)
    await stage.useOrderService(STARTING_SERVICE)
    expect((await placeOrder(randomUUID())).status).toBe(201)
  })

  test('another command adopts it, and does not take it down', async () => {
    const other = new EmbeddedStage(home)
    await other.up()
    expect(other.addresses().order).toBe(stage.addresses().order)
    await other.down()
    expect((await stage.status()).running).toBe(true)
  })

  test('only who knows the token may command it', async () => {
    expect(statSync(join(home, 'stage.json')).mode & 0o777).toBe(0o600)
    const { controlPort } = JSON.parse(readFileSync(join(home, 'stage.json'), 'utf8'))
    const reply = await fetch(`http://127.0.0.1:${controlPort}/down`, { method: 'POST' })
    expect(reply.status).toBe(404)
    expect((await stage.status()).running).toBe(true)
  })

  test('down leaves nothing behind, and it can be started again', async () => {
    if (process.platform === 'linux') expect(processesOf(home).length).toBeGreaterThan(6)
    await stage.down()
    expect(await leftOf(home, 10_000)).toEqual([])
    expect(existsSync(join(home, 'stage.json'))).toBe(false)
    expect(await stage.status()).toEqual({ running: false, services: [], toxics: 0, detached: false })
    expect(() => stage.addresses()).toThrow(StageError)
    await stage.up({ portBase: 0 })
    expect((await placeOrder(randomUUID())).status).toBe(201)
  })
})

function target(name: string) {
  return stage.targets().find((each) => each.name === name)!
}

async function pidOf(name: string): Promise<number | undefined> {
  return (await stage.status()).services.find((each) => each.name === name)?.pid
}

function placeOrder(customerId: string): Promise<Response> {
  return post(`${stage.addresses().order}/orders`, { customerId, items: [{ id: 'burger', quantity: 1 }] })
}

async function ordersOf(customerId: string): Promise<unknown[]> {
  const url = `${stage.addresses().direct.order}/orders?customerId=${customerId}`
  return (await json<{ orders: unknown[] }>(url)).orders
}

async function json<T>(url: string): Promise<T> {
  return (await fetch(url, { headers: { connection: 'close' } })).json() as Promise<T>
}

function post(url: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json', connection: 'close' }
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
}

function write(name: string, text: string): string {
  const file = join(home, name)
  const reply = `{ orderId: '${randomUUID()}', amount: 1.5, discountPercentage: 0 }`
  writeFileSync(file, text.replace('REPLY', reply))
  return file
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It did not come to be within a minute')
    await sleep(50)
  }
}
