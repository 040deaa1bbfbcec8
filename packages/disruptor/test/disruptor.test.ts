import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Disruptor, type FaultEvent, type LedgerBegin, ledgerAt, planSchedule, runSchedule } from '../src/index.ts'
import { fc, settings } from './fixtures/property.ts'
import { SimulatedTarget } from './fixtures/simulated-target.ts'
import { temporaryFolder } from './fixtures/temporary-folder.ts'
import { VirtualClock } from './fixtures/virtual-clock.ts'

const NAMES = ['order', 'menu', 'loyalty', 'postgres']

const world = fc.record({
  seed: fc.nat(),
  count: fc.integer({ min: 1, max: 10 }),
  recoveries: fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 4, maxLength: 4 }),
  failures: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 4, maxLength: 4 }),
  guards: fc.record({ maxConcurrent: fc.integer({ min: 1, max: 3 }), minHealthy: fc.integer({ min: 0, max: 3 }) }),
  stopAfter: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined }),
})

test('never more than max-concurrent, never below min-healthy, everything restored, nothing left in the ledger', async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ seed, count, recoveries, failures, guards, stopAfter }) => {
      const clock = new VirtualClock()
      const targets = NAMES.map(
        (name, i) => new SimulatedTarget(name, clock, { recovery: recoveries[i]!, failures: failures[i]! }),
      )
      let worst = 0
      for (const target of targets)
        target.onChange = () => {
          worst = Math.max(worst, targets.filter(({ now }) => now !== 'running').length)
        }
      const ledger = memoryLedger()
      const events: FaultEvent[] = []
      const disruptor = new Disruptor({ targets, ledger, guards, clock, onEvent: (event) => events.push(event) })
      // Planned without guards, so that the disruptor has something to hold back.
      const schedule = planSchedule({
        ...{ seed, count, targets: NAMES, spread: { overMs: 10_000 } },
        guards: { maxConcurrent: 4, minHealthy: 0 },
      })
      const run = runSchedule(schedule, disruptor, clock)
      if (stopAfter !== undefined) await clock.pass(clock.sleep(stopAfter))
      await clock.pass((stopAfter === undefined ? run.settled() : run.stop()).catch(onlyResistance))
      await clock.pass(disruptor.close())

      expect(worst).toBeLessThanOrEqual(guards.maxConcurrent)
      expect(worst).toBeLessThanOrEqual(NAMES.length - guards.minHealthy)
      expect(targets.map(({ now }) => now)).toEqual(NAMES.map(() => 'running'))
      expect(await ledger.open()).toEqual([])
      const begun = events.filter(({ to }) => to === undefined)
      const ended = events.filter(({ to }) => to !== undefined)
      expect(ended.map(({ id }) => id).sort()).toEqual(begun.map(({ id }) => id).sort())
      for (const { from, to = 0, target, timeToRecover = -1 } of ended) {
        expect(to).toBeGreaterThanOrEqual(from)
        expect(timeToRecover).toBeGreaterThanOrEqual(recoveries[NAMES.indexOf(target)]!)
      }
      const failing = failures.some((each) => each > 0)
      if (stopAfter === undefined && !failing) expect(begun).toHaveLength(schedule.disruptions.length)
    }),
    settings(60),
  )
})

test('the intention is on disk before the act, and gone after the target serves again', async () => {
  const clock = new VirtualClock()
  const target = new SimulatedTarget('menu', clock, { recovery: 400 })
  const path = join(temporaryFolder(), 'ledger.jsonl')
  let before: LedgerBegin[] = []
  const original = target.kill
  target.kill = async () => {
    before = await ledgerAt(path).open()
    await original()
  }
  const disruptor = new Disruptor({ targets: [target], ledger: ledgerAt(path), clock })
  const running = await clock.pass(disruptor.begin({ id: 'd1', kind: 'kill', target: 'menu' }))
  expect(before).toMatchObject([{ kind: 'kill', target: 'menu', writer: { pid: process.pid } }])
  expect(target.now).toBe('stopped')
  const ended = await clock.pass(running.end())
  expect(ended).toMatchObject({ id: 'd1', kind: 'kill', detail: 'killed', timeToRecover: 430 })
  expect(await clock.pass(running.end())).toBe(ended)
  expect(await ledgerAt(path).open()).toEqual([])
})

test('what orders are anchored to begins with its order', async () => {
  const clock = new VirtualClock()
  const targets = NAMES.map((name) => new SimulatedTarget(name, clock))
  const disruptor = new Disruptor({ targets, ledger: memoryLedger(), clock })
  const disruption = { id: 'd1', target: 'menu', anchor: { order: 2, afterMs: 200 }, durationMs: 500 }
  const run = runSchedule({ seed: 1, disruptions: [{ ...disruption, kind: 'pause' }] }, disruptor, clock)
  run.orderStarted(1)
  expect(await clock.pass(run.settled())).toEqual([])
  await clock.pass(clock.sleep(1_000))
  run.orderStarted(2)
  expect(await clock.pass(run.settled())).toMatchObject([{ id: 'd1', from: 1_200, to: 1_700, timeToRecover: 0 }])
})

test('a target that must not be disturbed, or does not exist, is refused', async () => {
  const clock = new VirtualClock()
  const proxy = Object.assign(new SimulatedTarget('proxy', clock), { eligible: false })
  const disruptor = new Disruptor({ targets: [proxy], ledger: memoryLedger(), clock })
  await expect(disruptor.begin({ id: 'd1', kind: 'stop', target: 'proxy' })).rejects.toThrow('must not be disturbed')
  await expect(disruptor.begin({ id: 'd1', kind: 'stop', target: 'oven' })).rejects.toThrow('no target oven')
  expect(proxy.now).toBe('running')
})

test('a target that does not come back is said, and stays in the ledger for the next command', async () => {
  const clock = new VirtualClock()
  const target = new SimulatedTarget('menu', clock)
  const ledger = memoryLedger()
  const disruptor = new Disruptor({ targets: [target], ledger, clock })
  await clock.pass(disruptor.begin({ id: 'd1', kind: 'stop', target: 'menu' }))
  const start = target.start
  target.start = () => Promise.reject(new Error('no disk'))
  await expect(clock.pass(disruptor.close())).rejects.toThrow('did not come back')
  expect(await ledger.open()).toHaveLength(1)
  target.start = start
  await clock.pass(disruptor.close())
  expect(await ledger.open()).toEqual([])
})

function onlyResistance(error: unknown): void {
  if (!(error instanceof AggregateError) || error.errors.some(({ message }) => !/resists/.test(message))) throw error
}

function memoryLedger() {
  const entries = new Map<string, LedgerBegin>()
  let count = 0
  return {
    async begin(fault: Pick<LedgerBegin, 'kind' | 'target'>) {
      const id = `entry-${count++}`
      entries.set(id, { act: 'begin', id, ...fault, at: 0, writer: { pid: process.pid } })
      return id
    },
    end: async (id: string) => void entries.delete(id),
    open: async () => [...entries.values()],
  }
}
