import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { complete } from '../src/batteries/complete.ts'
import { half } from '../src/batteries/half.ts'
import { batteries } from '../src/batteries/index.ts'
import { planOrders } from '../src/batteries/planned-order.ts'
import { HOPS } from '../src/batteries/random-toxics.ts'
import { rushHour } from '../src/batteries/rush-hour.ts'
import { single } from '../src/batteries/single.ts'
import { sixOrders } from '../src/batteries/six-orders.ts'
import { type Fault, isDisruption, isToxic } from '../src/faults/fault.ts'
import { scheduleOf } from '../src/run/schedule-of.ts'
import { renderSchedule } from '../src/screen/schedule.ts'
import { createTheme } from '../src/screen/theme.ts'

const RUNS = { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 300 }
const seeds = fc.nat({ max: 4_294_967_295 })
const orderOf = ({ from }: Fault) => ('order' in from ? from.order : undefined)

function forAllSeeds(holds: (seed: number) => void): void {
  fc.assert(fc.property(seeds, holds), RUNS)
}

test('the six orders cost what the menu and each history make of them', () => {
  expect(sixOrders.map(({ amountInCents }) => amountInCents)).toEqual([2500, 1980, 1000, 2970, 980, 1000])
  expect(sixOrders.map(({ discountPercentage }) => discountPercentage)).toEqual([0, 1, 0, 1, 2, 0])
  expect(new Set(sixOrders.map(({ customer }) => customer)).size).toBe(3)
})

test('a discount ends at 10 %', () => {
  const planned = planOrders(
    Array.from({ length: 13 }, () => ({ customer: 'Ada', items: [{ id: 'burger', quantity: 1 }] })),
  )
  expect(planned.map(({ discountPercentage }) => discountPercentage).slice(-3)).toEqual([10, 10, 10])
  expect(planned.at(-1)?.amountInCents).toBe(900)
})

test('an item that is not on the menu is a mistake of the battery', () => {
  expect(() => planOrders([{ customer: 'Ada', items: [{ id: 'sushi', quantity: 1 }] }])).toThrow('sushi')
})

describe('every schedule', () => {
  test('is the same for the same seed, byte for byte', () => {
    const theme = createTheme({ colour: false, ascii: false })
    const printed = (battery: (typeof batteries)[number], seed: number) =>
      renderSchedule(theme, battery, seed, scheduleOf(battery, seed)).join('\n')
    forAllSeeds((seed) => {
      for (const battery of batteries) expect(printed(battery, seed)).toBe(printed(battery, seed))
    })
  })

  test('has unique ids, starts in order, and belongs to an order of its battery', () => {
    forAllSeeds((seed) => {
      for (const battery of batteries) {
        const faults = scheduleOf(battery, seed)
        expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length)
        for (const fault of faults) {
          const order = orderOf(fault)
          if (order !== undefined) expect(battery.orders.map(({ number }) => number)).toContain(order)
          else expect(battery.arrivals.kind).toBe('rate')
        }
      }
    })
  })

  test('differs between seeds', () => {
    const printed = new Set(Array.from({ length: 20 }, (_, seed) => JSON.stringify(scheduleOf(complete, seed + 1))))
    expect(printed.size).toBe(20)
  })
})

describe('complete', () => {
  test('loses one reply after the work, alone in its order, until the order is saved', () => {
    forAllSeeds((seed) => {
      const faults = scheduleOf(complete, seed)
      const lost = faults.filter(
        (fault) => fault.kind === 'lost reply' && isToxic(fault) && fault.hop === 'client-order',
      )
      expect(lost).toHaveLength(1)
      expect(lost[0]).toMatchObject({ from: { after: 0 }, until: { savedWithin: 5 } })
      expect(faults.filter((fault) => orderOf(fault) === orderOf(lost[0]!))).toHaveLength(1)
    })
  })

  test('reaches every hop, with all four kinds of toxics, at most 1 s of latency', () => {
    forAllSeeds((seed) => {
      const toxics = scheduleOf(complete, seed).filter(isToxic)
      expect(new Set(toxics.map(({ hop }) => hop))).toEqual(new Set(HOPS))
      expect(new Set(toxics.map(({ kind }) => kind))).toEqual(
        new Set(['slow request', 'slow reply', 'lost request', 'lost reply']),
      )
      for (const { toxic } of toxics) expect(toxic.attributes.latency ?? 0).toBeLessThanOrEqual(1_000)
    })
  })

  test('disrupts the database, the order service in its work, and one of menu and loyalty', () => {
    forAllSeeds((seed) => {
      const disruptions = scheduleOf(complete, seed).filter(isDisruption) as (Fault & { target: string })[]
      const targets = disruptions.map(({ target }) => target)
      expect(targets).toHaveLength(3)
      expect(targets).toEqual(expect.arrayContaining(['postgres', 'order']))
      expect(new Set(disruptions.map(orderOf)).size).toBe(3)
      const order = disruptions.find(({ target }) => target === 'order')!
      const slow = scheduleOf(complete, seed).find((fault) => isToxic(fault) && fault.hop === 'order-menu')!
      expect(orderOf(slow)).toBe(orderOf(order))
    })
  })
})

test('half loses a reply and leaves every process alone', () => {
  forAllSeeds((seed) => {
    const faults = scheduleOf(half, seed)
    expect(faults).toHaveLength(3)
    expect(faults.some(isDisruption)).toBe(false)
    expect(faults.filter((fault) => 'savedWithin' in fault.until)).toHaveLength(1)
  })
})

test('single has no faults', () => {
  expect(scheduleOf(single, 7)).toEqual([])
})

test('rush-hour is 100 orders, 20 a second, its faults within the rush', () => {
  expect(rushHour.orders).toHaveLength(100)
  expect(rushHour.arrivals).toEqual({ kind: 'rate', perSecond: 20 })
  forAllSeeds((seed) => {
    for (const { from, until } of scheduleOf(rushHour, seed)) {
      expect('at' in from && 'ms' in until && from.at + until.ms).toBeLessThanOrEqual(5_000)
    }
  })
})
