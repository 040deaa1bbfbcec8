import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EmbeddedStage, REPOSITORY, type Stage, StageError } from '@chaos-kitchen/kitchen'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { complete } from '../packages/client/src/batteries/complete.ts'
import { exercises } from '../packages/client/src/exercises/index.ts'
import { runOn } from '../packages/client/src/verify/run-on.ts'
import { DockerStage } from '../packages/kitchen/src/docker/docker-stage.ts'
import { engineForTests, ownRestaurant, placeOrder } from '../packages/kitchen/test/docker/support.ts'

const SEED = 7
const ON_BOTH = ['01', '02', '03', '06']
const FINISHED = join(REPOSITORY, 'solutions/12-game-day/place-order.ts')

const engine = await engineForTests()

/** The same orders and faults on processes and on containers: the same verdict, check by check. */
describe.skipIf(engine === undefined)('both stages agree', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kitchen-parity-'))
  const embedded = new EmbeddedStage(folder)
  const own = ownRestaurant()
  const docker = new DockerStage(own)
  /** Inside the repository, which is all that a container sees. */
  const implementations = join(REPOSITORY, '.kitchen', own.project)
  const file = join(implementations, 'place-order.ts')

  beforeAll(async () => {
    mkdirSync(implementations, { recursive: true })
    await embedded.up({ portBase: 0 })
    await docker.up({ portBase: 0 })
  }, 240_000)

  afterAll(async () => {
    await Promise.allSettled([embedded.down(), docker.purge()])
    for (const each of [folder, own.folder, implementations]) rmSync(each, { recursive: true, force: true })
  }, 120_000)

  test('on "complete" with the finished service', { timeout: 240_000 }, async () => {
    const run = { battery: complete, seed: SEED, file: FINISHED, label: 'finished' }
    expect(await outcome(docker, run)).toEqual(await outcome(embedded, run))
  })

  test.each(ON_BOTH)('on exercise %s, its solution', { timeout: 120_000 }, async (number) => {
    const exercise = exercises.find(({ id }) => id.startsWith(number))
    if (exercise === undefined) throw new Error(`There is no exercise ${number}`)
    const file = join(REPOSITORY, 'solutions', exercise.id, 'place-order.ts')
    const run = { battery: exercise.battery, seed: SEED, file, label: 'solution' }
    expect(await outcome(docker, run)).toEqual(await outcome(embedded, run))
  })

  test('on exercise 03 as it is handed out, which fails', { timeout: 120_000 }, async () => {
    const exercise = exercises.find(({ id }) => id === '03-retry')
    if (exercise === undefined) throw new Error('There is no exercise 03')
    const file = join(REPOSITORY, 'services/order/src/place-order.ts')
    const run = { battery: exercise.battery, seed: SEED, file, label: 'starting' }
    const found = await outcome(docker, run)
    expect(found).toEqual(await outcome(embedded, run))
    expect(found['every order placed']).toBe(false)
  })

  const GOOD = 'export default () => ({ async placeOrder() { return {} } })\n'
  const ENDS = {
    'leaves without a failure': 'process.exit(0)\n',
    'leaves with one': 'process.exit(3)\n',
    'throws where nothing catches it': `${GOOD}setImmediate(() => {\n  throw new TypeError('no oven')\n})\n`,
    'throws while it is loaded': `${GOOD}throw new TypeError('no oven')\n`,
    'awaits at its top what never comes': `${GOOD}await new Promise(() => {})\n`,
    'is no TypeScript': 'export default 1 +\n',
  }
  test.each(Object.entries(ENDS))('on a file that %s', { timeout: 120_000 }, async (_, text) => {
    writeFileSync(file, text)
    const [told, elsewhere] = await Promise.all([docker, embedded].map((stage) => refusalOf(stage, file)))
    expect(told).toEqual(elsewhere)
    expect(told?.location?.file).toBe(file)
  })

  test.each([7, 0])(
    'on a file that ends its process at work, with exit code %i',
    { timeout: 120_000 },
    async (code) => {
      writeFileSync(file, `export default () => ({ async placeOrder() { process.exit(${code}) } })\n`)
      for (const stage of [docker, embedded]) {
        await stage.useOrderService(file)
        const order = async () => (await stage.status()).services.find(({ name }) => name === 'order')?.endsByItself
        const before = (await order())?.times ?? 0
        await placeOrder(stage.addresses().direct.order, randomUUID()).catch(() => undefined)
        await expect.poll(order, { timeout: 30_000, interval: 250 }).toEqual({
          times: before + 1,
          last: `The order service ended by itself, with exit code ${code}.`,
        })
      }
    },
  )

  test('on a file that never answers: the next one does not wait for it', { timeout: 120_000 }, async () => {
    for (const stage of [docker, embedded]) {
      writeFileSync(file, `${GOOD}while (true) {}\n`)
      const stuck = stage.useOrderService(file).catch((error: unknown) => error)
      await stage.useOrderService(FINISHED)
      expect(await stuck).toMatchObject({ code: 'superseded' })
    }
  })

  test('what a disruptor stops or kills did not end by itself', { timeout: 120_000 }, async () => {
    for (const stage of [docker, embedded]) {
      const ends = async () => (await stage.status()).services.find(({ name }) => name === 'menu')?.endsByItself
      const menu = stage.targets().find(({ name }) => name === 'menu')
      for (const act of ['stop', 'kill'] as const) {
        await menu?.[act]()
        expect(await ends()).toBeUndefined()
        await menu?.start()
        await menu?.ready(AbortSignal.timeout(60_000))
      }
      expect(await ends()).toBeUndefined()
    }
  })
})

/** What is said of a file with which the order service does not start. */
async function refusalOf(stage: Stage, file: string) {
  const error: unknown = await stage.useOrderService(file).catch((each: unknown) => each)
  if (!(error instanceof StageError)) throw error ?? new Error('it started')
  const { code, message, meaning, remedy, location } = error
  return { code, message, meaning, remedy, location }
}

async function outcome(stage: Stage, run: Parameters<typeof runOn>[1]): Promise<Record<string, boolean>> {
  const { invariants } = await runOn(stage, run, new AbortController().signal)
  return Object.fromEntries(invariants.map(({ name, passed }) => [name, passed]))
}
