import { expect, test } from 'vitest'
import { type Disruption, type PlanOptions, parseSchedule, planSchedule, printSchedule } from '../src/index.ts'
import { fc, settings } from './fixtures/property.ts'

const TARGETS = ['order', 'menu', 'loyalty', 'postgres']

const options = fc
  .record({
    seed: fc.nat(),
    targets: fc.subarray(TARGETS, { minLength: 2 }),
    count: fc.integer({ min: 0, max: 12 }),
    spread: fc.oneof(
      fc.record({ orders: fc.integer({ min: 1, max: 6 }), withinMs: fc.integer({ min: 0, max: 2_000 }) }),
      fc.record({ overMs: fc.integer({ min: 0, max: 30_000 }), warmUpMs: fc.integer({ min: 0, max: 1_000 }) }),
    ),
    cooldownMs: fc.integer({ min: 0, max: 500 }),
    guards: fc.record({ maxConcurrent: fc.integer({ min: 1, max: 3 }), minHealthy: fc.integer({ min: 0, max: 1 }) }),
  })
  .map((drawn): PlanOptions => drawn)

test('the same seed gives the same schedule, byte for byte', () => {
  fc.assert(
    fc.property(options, (drawn) => {
      expect(JSON.stringify(planSchedule(drawn))).toBe(JSON.stringify(planSchedule({ ...drawn })))
    }),
    settings(100),
  )
  const schedule = planSchedule({ seed: 7, targets: TARGETS, count: 4, spread: { orders: 6, withinMs: 500 } })
  expect(printSchedule(schedule)).toMatchInlineSnapshot(`
    "seed 7
    order 2 + 28 ms      restart  order
    order 3 + 103 ms     pause    order        for 814 ms
    order 5 + 74 ms      pause    loyalty      for 1811 ms
    order 6 + 147 ms     restart  menu
    "
  `)
})

test('a printed schedule can be read and run again', () => {
  fc.assert(
    fc.property(options, (drawn) => {
      const schedule = planSchedule(drawn)
      expect(parseSchedule(JSON.stringify(schedule))).toEqual(schedule)
    }),
    settings(50),
  )
  expect(() => parseSchedule('{"seed":1,"disruptions":[{"id":"d1","kind":"drop"}]}')).toThrow()
})

test('anchored to times, it never holds more disruptions at a moment than the guards allow', () => {
  fc.assert(
    fc.property(options, (drawn) => {
      const { disruptions } = planSchedule(drawn)
      const timed = disruptions.flatMap((each) => ('atMs' in each.anchor ? [{ ...each, at: each.anchor.atMs }] : []))
      for (const { at, target } of timed) {
        const during = timed.filter((other) => other.at <= at && at < other.at + other.durationMs)
        expect(during.length).toBeLessThanOrEqual(lanesOf(drawn))
        expect(during.filter((other) => other.target === target).length).toBeLessThanOrEqual(1)
      }
      if ('overMs' in drawn.spread) expect(timed).toHaveLength(drawn.count)
    }),
    settings(200),
  )
})

test('anchored to orders, an order has no more disruptions than the guards allow, and no target twice', () => {
  fc.assert(
    fc.property(options, (drawn) => {
      const byOrder = new Map<number, Disruption[]>()
      for (const each of planSchedule(drawn).disruptions) {
        if (!('order' in each.anchor) || !('orders' in drawn.spread)) continue
        expect(each.anchor.order).toBeLessThanOrEqual(drawn.spread.orders)
        expect(each.anchor.afterMs).toBeLessThanOrEqual(drawn.spread.withinMs)
        byOrder.set(each.anchor.order, [...(byOrder.get(each.anchor.order) ?? []), each])
      }
      for (const disruptions of byOrder.values()) {
        expect(disruptions.length).toBeLessThanOrEqual(lanesOf(drawn))
        expect(new Set(disruptions.map(({ target }) => target)).size).toBe(disruptions.length)
      }
    }),
    settings(200),
  )
})

test('only the targets and kinds that are given are used, and every one of them', () => {
  const schedule = planSchedule({
    seed: 1,
    targets: ['menu', 'loyalty'],
    kinds: ['pause', 'restart'],
    count: 50,
    spread: { overMs: 60_000 },
  })
  expect(new Set(schedule.disruptions.map(({ target }) => target))).toEqual(new Set(['menu', 'loyalty']))
  expect(new Set(schedule.disruptions.map(({ kind }) => kind))).toEqual(new Set(['pause', 'restart']))
  expect(schedule.disruptions.filter(({ kind, durationMs }) => kind === 'restart' && durationMs !== 0)).toEqual([])
})

test('guards that allow nothing are an error that says so', () => {
  const plan = (targets: string[], minHealthy: number) =>
    planSchedule({ seed: 1, targets, count: 1, spread: { overMs: 1 }, guards: { minHealthy } })
  expect(() => plan([], 0)).toThrow(/Nothing may be disrupted: 0 targets/)
  expect(() => plan(['menu'], 1)).toThrow(/1 must stay healthy/)
})

function lanesOf({ targets, guards }: PlanOptions): number {
  return Math.min(guards?.maxConcurrent ?? 1, targets.length - (guards?.minHealthy ?? 0))
}
