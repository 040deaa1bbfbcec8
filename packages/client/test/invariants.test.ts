import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sixOrders } from '../src/batteries/six-orders.ts'
import { attribute } from '../src/invariants/attribution.ts'
import {
  amountAndDiscountRight,
  attemptsNeeded,
  type Evidence,
  type EvidenceSoFar,
  everyInvariant,
  everyOrderPlaced,
  type Invariant,
  loyaltyToldOnce,
  noOrderWithoutItems,
  type OrderOutcome,
  oneOrderPerKey,
  slowestOrder,
} from '../src/invariants/index.ts'
import { perfectEvidence, storedAs, toldOf } from './support/outcomes.ts'

const RUNS = { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 200 }

test('a perfect restaurant passes everything, and nothing asks why', async () => {
  for (const invariant of everyInvariant({ attempts: 30, slowest: 60_000 })) {
    const finding = await invariant.check(perfectEvidence())
    expect(finding, invariant.name).toMatchObject({ passed: true })
    expect(finding.why).toBeUndefined()
  }
})

test('an order that the client gave up is missed', () => {
  const evidence = perfectEvidence()
  const [first, ...rest] = evidence.orders
  const { reply: _, ...lost } = first!
  const finding = everyOrderPlaced.check({ ...evidence, orders: [{ ...lost, gaveUp: 'answered 503' }, ...rest] })
  expect(finding).toMatchObject({ passed: false, measured: 5, limit: 6, shown: '5 of 6', order: 1 })
  expect(finding).toHaveProperty(
    'why',
    expect.stringContaining('Order 1 got no success before the client gave up: answered 503'),
  )
})

test('what cannot be mended any more is told while orders still come', () => {
  const { orders } = perfectEvidence()
  const [{ reply: _, ...lost }, second] = orders as [OrderOutcome, OrderOutcome]
  const early = (check: Invariant, ...ended: OrderOutcome[]) => check.early?.(soFar(ended))
  expect(early(everyOrderPlaced, second)).toEqual({ open: true, shown: '1 of 6' })
  expect(early(everyOrderPlaced, lost, second)).toMatchObject({ passed: false, order: 1, shown: '1 of 6' })
  expect(early(attemptsNeeded(6), ...orders.slice(1))).toEqual({ open: true, shown: '5', shownLimit: 'limit 6' })
  expect(early(attemptsNeeded(4), ...orders.slice(1))).toMatchObject({ passed: false, measured: 5 })
})

test('what cannot fail any more is told when the last order that it is about has ended', () => {
  const { orders } = perfectEvidence()
  for (const check of [everyOrderPlaced, attemptsNeeded(6), slowestOrder(1_000)])
    expect(check.early?.(soFar(orders)), check.name).toMatchObject({ passed: true })
  expect(amountAndDiscountRight.early?.(soFar(orders)), 'the book is not read yet').toMatchObject({ open: true })
})

test('who waits for too long fails the check before there is an answer', () => {
  const { orders } = perfectEvidence()
  const [{ planned, customerId, idempotencyKey, traceId, startedAt }, ...ended] = orders as [OrderOutcome]
  const waiting = { planned, customerId, idempotencyKey, traceId, startedAt }
  const after = (ms: number) =>
    slowestOrder(1_500).early?.({ ...soFar(ended), underWay: [waiting], now: startedAt + ms })
  expect(after(400)).toEqual({ open: true, shown: '0.40 s', shownLimit: 'limit 1.50 s' })
  expect(after(1_600)).toMatchObject({ passed: false, order: 1 })
})

function soFar(ended: readonly OrderOutcome[]): EvidenceSoFar {
  const { arrivals, reads } = perfectEvidence()
  return {
    ...{ now: 10_000, planned: sixOrders, orders: ended, underWay: [], faults: [] },
    ...{ arrivals, askedAt: -1, stored: [], bookReadAt: -1, reads },
  }
}

describe('amount and discount', () => {
  const tooHigh = { amountInCents: 2940, discountPercentage: 2 }
  const orders = perfectEvidence().orders.map((order) =>
    order.planned.number === 4 ? { ...order, reply: { ...order.reply!, ...tooHigh } } : order,
  )

  test('a discount too high is explained by a doubled order', async () => {
    const stored = orders.map((order) => storedAs(order, order.planned.number === 4 ? tooHigh : {}))
    const finding = await amountAndDiscountRight.check({ ...perfectEvidence(), orders, stored })
    expect(finding).toMatchObject({ passed: false, measured: 5, order: 4 })
    expect(finding.why).toContain('29.40 with 2 % off instead of 29.70 with 1 % off. Loyalty counts more orders')
  })

  test('a reply that is not what was saved is not blamed on loyalty', async () => {
    const finding = await amountAndDiscountRight.check({ ...perfectEvidence(), orders })
    expect(finding).toMatchObject({ passed: false, measured: 5, order: 4 })
    expect(finding.why).toContain('29.70 with 1 % off. In the book it is as it should be')
  })

  test('an order that should have been refused has no right price', async () => {
    const wrong = perfectEvidence().orders.map((order) =>
      order.planned.number === 4
        ? {
            ...order,
            planned: { ...order.planned, expect: 'refused' as const, amountInCents: 0, discountPercentage: 0 },
          }
        : order,
    )
    const finding = await amountAndDiscountRight.check({ ...perfectEvidence(), orders: wrong })
    expect(finding).toMatchObject({ passed: false, order: 4 })
    expect(finding.why).toMatch(/^Order 4 was placed, and there was nothing to place/)
  })

  test('what was saved counts as much as what was told', async () => {
    const evidence = perfectEvidence()
    const stored = evidence.stored.map((order, index) => (index === 0 ? { ...order, amountInCents: 1 } : order))
    expect(await amountAndDiscountRight.check({ ...evidence, stored })).toMatchObject({ passed: false, order: 1 })
  })

  test('a success that the database does not hold is wrong', async () => {
    const evidence = perfectEvidence()
    const finding = await amountAndDiscountRight.check({ ...evidence, stored: evidence.stored.slice(1) })
    expect(finding).toMatchObject({ passed: false, order: 1 })
    expect(finding.why).toContain('does not hold it')
  })
})

test('a doubled order is found by key, and without a key by its items', async () => {
  const evidence = perfectEvidence()
  for (const idempotencyKey of ['key-2', undefined]) {
    const copy = storedAs(evidence.orders[1]!, { orderId: 'copy', idempotencyKey })
    const finding = await oneOrderPerKey.check({ ...evidence, stored: [...evidence.stored, copy] })
    expect(finding).toMatchObject({ passed: false, measured: 7, limit: 6, order: 2, exercise: '06' })
    expect(finding.why).toContain('Order 2 was cooked twice')
  }
})

test('an order that was lost makes no room for a copy of another', async () => {
  const evidence = perfectEvidence()
  const copy = storedAs(evidence.orders[1]!, { orderId: 'copy' })
  const finding = await oneOrderPerKey.check({ ...evidence, stored: [...evidence.stored.slice(0, 5), copy] })
  expect(finding).toMatchObject({ passed: false, measured: 6, limit: 5, order: 2 })
})

test('an order without items is found, and whose it is', async () => {
  const evidence = perfectEvidence()
  const empty = storedAs(evidence.orders[2]!, { orderId: 'empty', items: [] })
  const finding = await noOrderWithoutItems.check({ ...evidence, stored: [...evidence.stored, empty] })
  expect(finding).toMatchObject({ passed: false, measured: 1, limit: 0, order: 3 })
})

describe('loyalty', () => {
  test('told again of the same order counts once', async () => {
    const evidence = perfectEvidence()
    const loyalty = evidence.stored.map((order) => toldOf(order, 3))
    expect(await loyaltyToldOnce.check({ ...evidence, loyalty })).toMatchObject({ passed: true, shown: '6 of 6' })
  })

  test('a missing order may still come, so it is waited for', async () => {
    const evidence = perfectEvidence()
    const finding = await loyaltyToldOnce.check({ ...evidence, loyalty: evidence.loyalty.slice(1) })
    expect(finding).toMatchObject({ passed: false, measured: 5, order: 1, exercise: '11', final: false })
    expect(loyaltyToldOnce.patience).toBe(10_000)
  })

  test('both copies of a doubled order told is final', async () => {
    const evidence = perfectEvidence()
    const copy = storedAs(evidence.orders[1]!, { orderId: 'copy' })
    const both: Evidence = {
      ...evidence,
      stored: [...evidence.stored, copy],
      loyalty: [...evidence.loyalty, toldOf(copy)],
    }
    expect(await loyaltyToldOnce.check(both)).toMatchObject({
      passed: false,
      shown: '6 of 6, one twice',
      final: true,
      order: 2,
    })
  })
})

test('limits hold at the limit and not beyond', async () => {
  const evidence = perfectEvidence()
  expect(await attemptsNeeded(6).check(evidence)).toMatchObject({ passed: true, measured: 6 })
  expect(await attemptsNeeded(5).check(evidence)).toMatchObject({ passed: false })
  expect(await slowestOrder(200).check(evidence)).toMatchObject({ passed: true, measured: 200, unit: 'ms' })
  expect(await slowestOrder(199).check(evidence)).toMatchObject({ passed: false })
})

test('every stored order of a known customer stands for exactly one order, whatever the service kept', () => {
  const { orders } = perfectEvidence()
  const stored = fc.array(
    fc.record({
      orderId: fc.string({ minLength: 1 }),
      owner: fc.nat({ max: 5 }),
      keyOf: fc.option(fc.nat({ max: 9 }), { nil: undefined }),
      empty: fc.boolean(),
    }),
  )
  fc.assert(
    fc.property(stored, (rows) => {
      const saved = rows.map(({ orderId, owner, keyOf, empty }) =>
        storedAs(orders[owner]!, {
          orderId,
          idempotencyKey: keyOf === undefined ? undefined : `key-${keyOf}`,
          ...(empty && { items: [] }),
        }),
      )
      const attributed = [...attribute(orders, saved).values()].flat()
      expect(attributed).toHaveLength(saved.length)
      expect(new Set(attributed)).toEqual(new Set(saved))
    }),
    RUNS,
  )
})
