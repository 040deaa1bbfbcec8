import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crowd, crowdAtOnce } from '../src/batteries/crowd.ts'
import { type OrderPlan, planOrders } from '../src/batteries/planned-order.ts'
import { arrivalsSpread } from '../src/exercises/invariants/arrivals-spread.ts'
import { backSoon } from '../src/exercises/invariants/back-soon.ts'
import { callsPerOrder } from '../src/exercises/invariants/calls-per-order.ts'
import { degradedSaysSo } from '../src/exercises/invariants/degraded-says-so.ts'
import { failsFast } from '../src/exercises/invariants/fails-fast.ts'
import { guestDoesNotWait } from '../src/exercises/invariants/guest-does-not-wait.ts'
import { inFlightBounded } from '../src/exercises/invariants/in-flight-bounded.ts'
import { nothingRunsOn } from '../src/exercises/invariants/nothing-runs-on.ts'
import { oneOrderForAKey } from '../src/exercises/invariants/one-order-for-a-key.ts'
import { onlyProbes } from '../src/exercises/invariants/only-probes.ts'
import { placedMeanwhile } from '../src/exercises/invariants/placed-meanwhile.ts'
import { readsStayQuick } from '../src/exercises/invariants/reads-stay-quick.ts'
import { stillAsked } from '../src/exercises/invariants/still-asked.ts'
import { turnedAwayAtOnce } from '../src/exercises/invariants/turned-away-at-once.ts'
import { unavailable } from '../src/faults/outage-effect.ts'
import type { Arrival, Evidence, OrderOutcome } from '../src/invariants/index.ts'
import { storedAs } from './support/outcomes.ts'

type Seen = Partial<Pick<OrderOutcome, 'startedAt' | 'ms'>> & {
  status?: number
  retryAfter?: number
  degraded?: boolean
}

/** Orders as the client saw them; by default each was placed at once, a second after the one before. */
function outcomes(plans: OrderPlan[], seen: (index: number) => Seen = () => ({})): OrderOutcome[] {
  return planOrders(plans).map((planned, index) => {
    const { startedAt = index * 1_000, ms = 50, status = 201, retryAfter, degraded = false } = seen(index)
    const { amountInCents, discountPercentage } = planned
    return {
      ...{ planned, customerId: planned.customer, idempotencyKey: `key-${index}`, traceId: `trace-${index}` },
      ...{ startedAt, ms },
      attempts: [{ number: 1, startedAt, ms, status, ...(retryAfter !== undefined && { retryAfter }) }],
      ...(status === 201
        ? { reply: { orderId: `order-${index}`, amountInCents, discountPercentage, degraded } }
        : { gaveUp: `answered ${status}` }),
    }
  })
}

function evidence(orders: OrderOutcome[], more: Partial<Evidence> = {}): Evidence {
  const stored = orders
    .filter(({ reply }) => reply !== undefined)
    .map((order) => storedAs(order, { degraded: order.reply!.degraded }))
  return { orders, stored, loyalty: [], arrivals: arrived({}), reads: [], faults: [], ...more }
}

function arrived(some: Partial<Evidence['arrivals']>): Evidence['arrivals'] {
  return { order: [], menu: [], loyalty: [], ...some }
}

function calls(count: number, call: (index: number) => Partial<Arrival> = () => ({})): Arrival[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ method: 'GET', path: '/items/coke', from: index, to: index + 1, status: 200, traceId: `trace-${index}` },
    ...call(index),
  }))
}

/** Loyalty is down from second 0 to second 10. */
const down: Evidence['faults'][number] = {
  ...{ from: 0, to: 10_000 },
  fault: { id: 'f1', ...unavailable('loyalty'), from: { order: 1, after: 0 }, until: { ms: 10_000 } },
}

test('one order for a key: the first that is there more than once is named, whatever key it was saved under', async () => {
  const orders = outcomes([
    { customer: 'Ada', items: [{ id: 'burger', quantity: 1 }] },
    { customer: 'Ben', items: [{ id: 'coke', quantity: 1 }] },
  ])
  const { stored } = evidence(orders)
  expect(await oneOrderForAKey.check(evidence(orders))).toMatchObject({ passed: true, shown: '2 orders' })
  for (const idempotencyKey of ['key-1', 'another', undefined]) {
    const copy = storedAs(orders[1]!, { orderId: 'copy', idempotencyKey })
    const finding = await oneOrderForAKey.check({ ...evidence(orders), stored: [...stored, copy] })
    expect(finding).toMatchObject({ passed: false, measured: 3, limit: 2, order: 2 })
    expect(finding.why).toContain('what order 2 asked for is there more than once')
  }
})

test('what runs on behind the guest is named without the ids in its path', async () => {
  const orders = outcomes([{ customer: 'Ada', items: [{ id: 'burger', quantity: 1 }] }])
  const [customer, order] = ['88322a33-d086-4df4-9d79-99b9501d9bfa', 'f96956d2-4c04-4162-9b8f-f0ccd687cafe']
  const told = calls(1, () => ({ method: 'PUT', path: `/customers/${customer}/orders/${order}`, to: 9_000 }))
  const finding = await nothingRunsOn(400).check(evidence(orders, { arrivals: arrived({ loyalty: told }) }))
  expect(finding).toMatchObject({ passed: false, order: 1 })
  expect(finding.why).toContain('its PUT /customers/…/orders/… went on')
})

describe('plans', () => {
  test('a degraded order costs its full price and counts for the next discount', () => {
    const ada = { customer: 'Ada', items: [{ id: 'burger', quantity: 1 }] }
    const orders = planOrders([ada, { ...ada, degraded: true }, ada])
    expect(orders.map(({ amountInCents, discountPercentage }) => [amountInCents, discountPercentage])).toEqual([
      [1_000, 0],
      [1_000, 0],
      [980, 2],
    ])
  })

  test('a crowd is new here, at once or not; what may come of it is priced all the same', () => {
    expect(planOrders(crowd('guest', 3, { expect: 'any' })).map(({ amountInCents }) => amountInCents)).toEqual([
      250, 250, 250,
    ])
    expect(crowdAtOnce('guest', 3).map(({ together }) => together)).toEqual([false, true, true])
  })
})

describe('04: a crowd that comes back', () => {
  const back = 2_700

  /** Whoever asks the menu again after such a pause until it is back, each call later than it should be. */
  function comingBack(pauseOf: (guest: number) => number, lateness: (call: number) => number): Evidence {
    let made = 0
    const menu = Array.from({ length: 24 }, (_, guest) => {
      const own: Arrival[] = []
      for (let from = lateness(made++); ; from += 5 + pauseOf(guest) + lateness(made++)) {
        own.push({ method: 'GET', path: '/items/coke', from, to: from + 5, status: 503, traceId: `trace-${guest}` })
        if (from >= back) return own
      }
    }).flat()
    const orders = outcomes(crowd('guest', 24), () => ({ startedAt: 0, ms: 8_000 }))
    const fault = { id: 'f1', ...unavailable('menu'), from: { order: 1, after: 0 }, until: { ms: back } }
    return evidence(orders, { arrivals: arrived({ menu }), faults: [{ from: 0, to: back, fault }] })
  }

  test('a busy machine does not hide it, also where it parts it in two', () => {
    const late = fc.array(fc.integer({ min: 0, max: 250 }), { minLength: 7, maxLength: 60 })
    fc.assert(
      fc.property(late, fc.integer({ min: 600, max: 1_400 }), (lateness, pause) => {
        const seen = comingBack(
          () => pause,
          (call) => lateness[call % lateness.length]!,
        )
        expect(arrivalsSpread(300).check(seen)).toMatchObject({ passed: false, exercise: '04' })
      }),
    )
  })

  test('nor does it invent one of calls that paused for different times', () => {
    const apart = comingBack(
      (guest) => 200 + guest * 50,
      (call) => (call * 37) % 100,
    )
    expect(arrivalsSpread(300).check(apart)).toMatchObject({ passed: true, limit: 300 })
  })
})

test('07: what orders that fail cost the menu', () => {
  const orders = outcomes(crowd('guest', 10, { expect: 'failed' }), () => ({ status: 503 }))
  const check = (count: number) => {
    const menu = calls(count, (index) => ({ traceId: `trace-${index % 10}` }))
    return callsPerOrder('menu', 1.3).check(evidence(orders, { arrivals: arrived({ menu }) }))
  }
  expect(check(13)).toMatchObject({ passed: true, measured: 1.3 })
  expect(check(14)).toMatchObject({ passed: false, measured: 1.4, order: 1 })
})

describe('08, in the second half of an outage', () => {
  const orders = (ms: number) =>
    outcomes(crowd('guest', 20, { expect: 'any' }), (index) => ({ startedAt: index * 500, ms, status: 503 }))
  const at = (index: number) => ({ from: 5_000 + index * 100, traceId: `trace-${10 + index}` })

  test('nobody waits', () => {
    expect(failsFast('loyalty', 300).check(evidence(orders(300), { faults: [down] }))).toMatchObject({ passed: true })
    expect(failsFast('loyalty', 300).check(evidence(orders(301), { faults: [down] }))).toMatchObject({ passed: false })
    expect(failsFast('loyalty', 300).check(evidence(orders(1)))).toMatchObject({ passed: false })
  })

  test('only probes', () => {
    const check = (count: number) =>
      onlyProbes('loyalty', 0.3).check(
        evidence(orders(9), { faults: [down], arrivals: arrived({ loyalty: calls(count, at) }) }),
      )
    expect(check(3)).toMatchObject({ passed: true, measured: 3, limit: 3 })
    expect(check(4)).toMatchObject({ passed: false, order: 11 })
  })

  test('the menu is asked', () => {
    const check = (count: number) =>
      stillAsked('menu', 'loyalty', 0.75).check(
        evidence(orders(9), { faults: [down], arrivals: arrived({ menu: calls(count, at) }) }),
      )
    expect(check(8)).toMatchObject({ passed: true, measured: 8 })
    expect(check(7)).toMatchObject({ passed: false, order: 18 })
  })

  test('and orders soon after it', () => {
    const check = (first: number) =>
      backSoon('loyalty', 2_500).check(
        evidence(
          outcomes(crowd('guest', 20), (index) => ({ startedAt: index * 1_000, status: index < first ? 503 : 201 })),
          { faults: [down] },
        ),
      )
    expect(check(12)).toMatchObject({ passed: true, measured: 2_050 })
    expect(check(13)).toMatchObject({ passed: false, order: 11 })
    expect(check(20)).toMatchObject({ passed: false, shown: 'never' })
  })
})

test('09: degraded orders say so, in the reply and in the book, and no others', () => {
  const ada: OrderPlan = { customer: 'Ada', items: [{ id: 'burger', quantity: 1 }] }
  const seen = (...degraded: boolean[]) =>
    evidence(outcomes([ada, { ...ada, degraded: true }], (index) => ({ degraded: degraded[index] ?? false })))
  expect(degradedSaysSo.check(seen(false, true))).toMatchObject({ passed: true })
  expect(degradedSaysSo.check(seen(false, false))).toMatchObject({ passed: false, order: 2 })
  expect(degradedSaysSo.check(seen(true, true))).toMatchObject({ passed: false, order: 1 })
  const { stored, ...rest } = seen(false, true)
  const forgotten = stored.map((order) => ({ ...order, degraded: false }))
  const why = expect.stringContaining('the book does not say so')
  expect(degradedSaysSo.check({ ...rest, stored: forgotten })).toMatchObject({ passed: false, order: 2, why })
})

describe('10, a full house', () => {
  const house = (seen: (index: number) => Seen) => evidence(outcomes(crowd('guest', 8, { expect: 'any' }), seen))

  test('so many at the menu at once, those that never end included', () => {
    const check = (menu: Arrival[]) => inFlightBounded('menu', 3).check(evidence([], { arrivals: arrived({ menu }) }))
    expect(check(calls(9, (index) => ({ to: index + 3 })))).toMatchObject({ passed: true, measured: 3 })
    expect(check(calls(9, (index) => ({ to: index + 4 })))).toMatchObject({ passed: false, measured: 4 })
    const open = calls(4).map(({ to: _, ...call }) => call)
    expect(check(open)).toMatchObject({ passed: false, measured: 4 })
  })

  test('some are served', () => {
    const served = (count: number) => house((index) => ({ status: index < count ? 201 : 503 }))
    expect(placedMeanwhile(5).check(served(5))).toMatchObject({ passed: true })
    expect(placedMeanwhile(5).check(served(4))).toMatchObject({ passed: false, order: 5 })
  })

  test('the others are told, soon and when to come back', () => {
    const check = (away: Seen) => turnedAwayAtOnce(1_000).check(house((index) => (index < 4 ? {} : away)))
    expect(check({ status: 503, retryAfter: 1_000, ms: 1_000 })).toMatchObject({ passed: true, measured: 4 })
    expect(check({ status: 503, retryAfter: 1_000, ms: 1_001 })).toMatchObject({ passed: false })
    expect(check({ status: 503 })).toMatchObject({
      passed: false,
      why: expect.stringContaining('without a Retry-After'),
    })
    expect(check({ status: 504 })).toMatchObject({ passed: false, order: 5 })
  })

  test('reads of that time are quick, and there are some', () => {
    const check = (ms: number, status = 200) => {
      const reads = Array.from({ length: 8 }, (_, index) => ({ at: index * 800, ms: index < 6 ? ms : 9_000, status }))
      return readsStayQuick(400).check({ ...house(() => ({})), reads })
    }
    expect(check(400)).toMatchObject({ passed: true })
    expect(check(401)).toMatchObject({ passed: false })
    expect(check(1, 503)).toMatchObject({ passed: false, shown: 'reads failed' })
    expect(readsStayQuick(400).check(house(() => ({})))).toMatchObject({ passed: false })
  })
})

test('11: an answer does not take what telling takes', () => {
  const orders = (ms: number) => evidence(outcomes(crowd('guest', 2), (index) => ({ ms: index === 0 ? ms : 9_000 })))
  expect(guestDoesNotWait(1, 700).check(orders(700))).toMatchObject({ passed: true })
  expect(guestDoesNotWait(1, 700).check(orders(701))).toMatchObject({ passed: false, order: 1 })
})
