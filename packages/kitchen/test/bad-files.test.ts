import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EmbeddedStage, REPOSITORY, StageError } from '../src/index.ts'
import { removeHome, temporaryHome } from './fixtures/restaurants.ts'

/** Files of an order service that do harm: each is told, and the next good one works. */
const STARTING_SERVICE = join(REPOSITORY, 'services/order/src/place-order.ts')
const home = temporaryHome()
const stage = new EmbeddedStage(home)
const folder = mkdtempSync(join(tmpdir(), 'kitchen-bad-files-'))
const file = join(folder, 'place-order.ts')

beforeAll(async () => {
  await stage.up({ portBase: 0 })
}, 120_000)
afterAll(async () => {
  await stage.down()
  await removeHome(home)
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

async function use(text: string): Promise<StageError | undefined> {
  writeFileSync(file, text)
  const error: unknown = await stage.useOrderService(file).catch((each: unknown) => each)
  if (error === undefined) return undefined
  if (error instanceof StageError) return error
  throw error
}

const GOOD = 'export default () => ({ async placeOrder() { return {} } })\n'

describe('an order service that ends while it starts is told at once, with its place', { timeout: 60_000 }, () => {
  test('process.exit', async () => {
    expect((await use('process.exit(0)\n'))?.message).toMatch(/ended by itself, with exit code 0/)
  })

  test('an error that nothing caught', async () => {
    const error = await use(`${GOOD}setImmediate(() => {\n  throw new TypeError('no oven')\n})\n`)
    expect(error?.message).toMatch(/ended: TypeError: no oven/)
    expect(error?.location).toMatchObject({ file, line: 3 })
  })

  test('a taken port', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const text = `import { createServer } from 'node:http'\ncreateServer().listen(${port}, '127.0.0.1')\n${GOOD}`
    expect((await use(text))?.message).toContain(`listens on 127.0.0.1:${port}, which is taken`)
    server.close()
  })

  test('all memory', async () => {
    const error = await use('const all = []\nwhile (true) all.push(new Array(100_000).fill(all.length))\n')
    expect(error?.message).toMatch(/ran out of memory/)
  })

  test('an await at its top that never ends', async () => {
    const error = await use(`await new Promise(() => {})\n${GOOD}`)
    expect(error === undefined ? '' : error.message).toMatch(/never comes|did not answer/)
  })
})

test('a file that never answers does not hold the next one up', { timeout: 60_000 }, async () => {
  writeFileSync(file, `while (true) {}\n${GOOD}`)
  const stuck = stage.useOrderService(file).catch((error: unknown) => error)
  await sleep(300)
  await stage.useOrderService(STARTING_SERVICE)
  expect(await stuck).toMatchObject({ code: 'superseded' })
  await stage.reset()
})

test('one that ends at work is started again, and status tells why', { timeout: 60_000 }, async () => {
  writeFileSync(file, 'export default () => ({ async placeOrder() { process.exit(7) } })\n')
  await stage.useOrderService(file)
  const body = JSON.stringify({ customerId: randomUUID(), items: [{ id: 'burger', quantity: 1 }] })
  const headers = { 'content-type': 'application/json' }
  await fetch(`${stage.addresses().direct.order}/orders`, { method: 'POST', headers, body }).catch(() => undefined)
  const order = async () => (await stage.status()).services.find(({ name }) => name === 'order')
  await expect
    .poll(async () => (await order())?.endsByItself?.last, { timeout: 30_000 })
    .toMatch(/ended by itself, with exit code 7/)
  await expect.poll(async () => (await order())?.ready, { timeout: 30_000 }).toBe(true)
  expect((await use(GOOD)) === undefined).toBe(true)
})
