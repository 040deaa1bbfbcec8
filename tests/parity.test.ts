import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EmbeddedStage, REPOSITORY, type Stage } from '@chaos-kitchen/kitchen'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { complete } from '../packages/client/src/batteries/complete.ts'
import { exercises } from '../packages/client/src/exercises/index.ts'
import { runOn } from '../packages/client/src/verify/run-on.ts'
import { DockerStage } from '../packages/kitchen/src/docker/docker-stage.ts'
import { engineForTests, ownRestaurant } from '../packages/kitchen/test/docker/support.ts'

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

  beforeAll(async () => {
    await embedded.up({ portBase: 0 })
    await docker.up({ portBase: 0 })
  }, 240_000)

  afterAll(async () => {
    await Promise.allSettled([embedded.down(), docker.purge()])
    for (const each of [folder, own.folder]) rmSync(each, { recursive: true, force: true })
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
})

async function outcome(stage: Stage, run: Parameters<typeof runOn>[1]): Promise<Record<string, boolean>> {
  const { invariants } = await runOn(stage, run, new AbortController().signal)
  return Object.fromEntries(invariants.map(({ name, passed }) => [name, passed]))
}
