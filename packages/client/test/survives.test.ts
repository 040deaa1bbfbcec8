import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mountSmallDisk } from './support/small-disk.ts'
import { isAlive, temporaryHome, until, workshopIn } from './support/workshop.ts'

/** What is killed or full around a restaurant costs no order, and the next command finds everything in its place. */
const LONG = 240_000
const FINISHED = ['--order', 'solution:12-game-day']

const Status = Type.Object({
  running: Type.Boolean(),
  services: Type.Array(
    Type.Object({
      ...{ name: Type.String(), state: Type.String(), ready: Type.Boolean() },
      ...{ pid: Type.Optional(Type.Integer()), url: Type.Optional(Type.String()) },
    }),
  ),
})
const Verdict = Type.Object({
  passed: Type.Boolean(),
  invariants: Type.Array(Type.Object({ name: Type.String(), passed: Type.Boolean(), measured: Type.Number() })),
})

type Workshop = ReturnType<typeof workshopIn>

async function statusOf(workshop: Workshop) {
  const { stdout, stderr } = await workshop.run('status', '--json')
  const { services } = Value.Parse(Status, JSON.parse(stdout))
  return {
    said: stderr,
    services,
    part: (name: string) => services.find((each) => each.name === name),
    pids: services.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
  }
}

/** What a battery of three orders told: all of them placed, and every check passed. */
function expectAllPlaced(stdout: string): void {
  const { passed, invariants } = Value.Parse(Verdict, JSON.parse(stdout))
  expect(invariants.filter((each) => !each.passed)).toEqual([])
  expect(invariants.find(({ name }) => name === 'every order placed')).toMatchObject({ measured: 3 })
  expect(passed).toBe(true)
}

describe('PostgreSQL is killed from outside during a battery', () => {
  const { home, remove } = temporaryHome()
  const workshop = workshopIn(home)
  afterAll(remove)

  test(
    'it starts again, the battery passes, and nothing runs afterwards',
    async () => {
      const battery = workshop.start('battery', 'half', '--seed', '2', ...FINISHED, '--port-base', '0', '--json')
      await battery.printed(/postgres(ql)? ready/i)
      // It serves long before the services do: its pid is known before the first order goes out.
      const { part, pids } = await statusOf(workshop)
      await battery.printed(/order 1 goes out/)
      const postgres = part('postgres')?.pid
      if (postgres === undefined) throw new Error('status does not tell the pid of PostgreSQL')
      process.kill(postgres, 'SIGKILL')
      const { code, stdout, stderr } = await battery.ended
      expect(code, stderr).toBe(0)
      expectAllPlaced(stdout)
      expect(readFileSync(join(home, 'logs/postgres.log'), 'utf8')).toMatch(/automatic recovery in progress/)
      await until(() => !pids.some(isAlive) && !existsSync(join(home, 'stage.json')))
    },
    LONG,
  )
})

describe('a restaurant that stays', () => {
  const { home, remove } = temporaryHome()
  const workshop = workshopIn(home)
  const disk = mountSmallDisk()

  beforeAll(async () => {
    // As the kitchen does with an empty folder: PostgreSQL gets through to its data where we are root.
    chmodSync(home, 0o711)
    if (disk !== undefined) symlinkSync(join(disk.folder, 'traces.sqlite'), join(home, 'traces.sqlite'))
    const { code, stderr, stdout } = await workshop.run('up', '--port-base', '0')
    expect(code, stdout + stderr).toBe(0)
  }, LONG)

  afterAll(async () => {
    await workshop.run('down')
    disk?.remove()
    remove()
  }, LONG)

  test.skipIf(disk === undefined)(
    'with the disk of the traces full every order is placed, and has its verdict',
    async () => {
      disk?.fill()
      const { code, stdout, stderr } = await workshop.run('battery', 'half', '--seed', '3', ...FINISHED, '--json')
      expect(code, stderr).toBe(0)
      expectAllPlaced(stdout)
      const { part } = await statusOf(workshop)
      const health = await fetch(`${part('collector')?.url}/health/ready`)
      expect(await health.json()).toMatchObject({ status: 'ok', store: 'memory' })
    },
    LONG,
  )

  test(
    'kill -9 of disrupt: what it had killed comes back with the next command, whichever that is',
    async () => {
      const before = await statusOf(workshop)
      await killWhileOrderIsDown()
      const after = await statusOf(workshop)
      expect(after.said).toContain('bringing back what is down')
      expect(after.services.filter(({ state, ready }) => state !== 'running' || !ready)).toEqual([])
      expect(after.part('order')?.pid).not.toBe(before.part('order')?.pid)
      expect((await statusOf(workshop)).said).not.toContain('bringing back')

      await killWhileOrderIsDown()
      expect(await workshop.run('battery', 'single', '--seed', '1', '--json')).toMatchObject({ code: 0 })
    },
    LONG,
  )

  /** The first that this seed does is to kill the order service. */
  async function killWhileOrderIsDown(): Promise<void> {
    const disrupt = workshop.start('disrupt', '--every', '200ms', '--for', '10m', '--seed', '3')
    await disrupt.printed(/order +killed/)
    disrupt.child.kill('SIGKILL')
    expect((await disrupt.ended).code).toBe('SIGKILL')
  }

  test(
    'down --purge takes all that the kit made, and nothing that a person would miss',
    async () => {
      const kept = { 'progress.json': '{"version":1,"exercises":{}}', 'choices.json': '{"docker":false}' }
      for (const [name, text] of Object.entries(kept)) writeFileSync(join(home, name), text)
      mkdirSync(join(home, 'backups/01-baseline'), { recursive: true })
      writeFileSync(join(home, 'backups/01-baseline/mine.ts'), 'mine')
      const { pids } = await statusOf(workshop)
      expect(pids.length).toBeGreaterThan(0)
      expect(readdirSync(home)).toEqual(expect.arrayContaining(['runs', 'logs', 'postgres', 'disruptions.jsonl']))

      const { code, stdout } = await workshop.run('down', '--purge')
      expect(stdout).toContain('nothing of it is left')
      expect(code).toBe(0)
      expect(readdirSync(home).sort()).toEqual(['backups', 'choices.json', 'progress.json'])
      for (const [name, text] of Object.entries(kept)) expect(readFileSync(join(home, name), 'utf8')).toBe(text)
      expect(readFileSync(join(home, 'backups/01-baseline/mine.ts'), 'utf8')).toBe('mine')
      await until(() => !pids.some(isAlive))
    },
    LONG,
  )
})
