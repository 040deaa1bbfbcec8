import { expect, test } from 'vitest'
import { planOrders } from '../src/batteries/planned-order.ts'
import { answeredAtAStop } from '../src/exercises/invariants/answered-at-a-stop.ts'
import { sparedWhileDown } from '../src/exercises/invariants/spared-while-down.ts'
import { slowWork, unavailable } from '../src/faults/outage-effect.ts'
import type { Arrival, Attempt, EvidenceSoFar, OrderOutcome } from '../src/invariants/index.ts'
import { perfectEvidence } from './support/outcomes.ts'

const [planned] = planOrders([{ customer: 'Cleo', items: [{ id: 'fries', quantity: 1 }] }])

function tried(...attempts: Pick<Attempt, 'status' | 'failure'>[]): OrderOutcome {
  return {
    ...{ planned: planned!, customerId: 'Cleo', idempotencyKey: 'key', traceId: 'trace', startedAt: 0, ms: 900 },
    attempts: attempts.map((attempt, index) => ({ number: index + 1, startedAt: index, ms: 1, ...attempt })),
  }
}

function soFar(more: Partial<EvidenceSoFar>): EvidenceSoFar {
  const { orders, stored, arrivals } = perfectEvidence()
  return {
    ...{ orders, stored, arrivals, reads: [], now: 0, planned: [planned!], underWay: [], askedAt: 0, bookReadAt: 0 },
    ...{ faults: [], ...more },
  }
}

test('whoever is being served at a stop gets an answer, whatever it is', async () => {
  const check = (order: OrderOutcome) => answeredAtAStop(1).check({ ...perfectEvidence(), orders: [order] })
  expect(await check(tried({ status: 201 }))).toMatchObject({ passed: true, shown: 'answered 201' })
  expect(await check(tried({ status: 503 }, { status: 201 }))).toMatchObject({ passed: true })
  const cut = await check(tried({ failure: 'lost: the connection closed without a reply' }, { status: 201 }))
  expect(cut).toMatchObject({ passed: false, order: 1 })
  expect(cut.why).toContain('SIGTERM')
})

test('that is known as soon as this order has ended', () => {
  expect(answeredAtAStop(1).early!(soFar({ orders: [] }))).toEqual({ open: true })
  expect(answeredAtAStop(1).early!(soFar({ orders: [tried({ failure: 'lost' })] }))).toMatchObject({ passed: false })
})

/** From 1 s to 3 s nobody is told a discount; before that, being told of orders is slow. */
const faults = [
  {
    ...{ from: 0, to: 900 },
    fault: {
      ...{ id: 'f1', ...slowWork('loyalty', 300, { method: 'PUT' }) },
      ...{ from: { order: 1, after: 0 }, until: { ms: 900 } },
    },
  },
  {
    ...{ from: 1_000, to: 3_000 },
    fault: {
      ...{ id: 'f2', ...unavailable('loyalty', { method: 'GET' }) },
      ...{ from: { order: 2, after: 0 }, until: { ms: 2_000 } },
    },
  },
]

function asked(count: number, more: Partial<Arrival> = {}): Arrival[] {
  return Array.from({ length: count }, () => ({ method: 'GET', path: '/customers/1/discount', from: 1_500, ...more }))
}

test('calls to a service are counted while it is down, and only those that it refuses', async () => {
  const spared = sparedWhileDown('loyalty', [2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 1.3)
  const others = [...asked(9, { from: 500 }), ...asked(9, { from: 3_100 }), ...asked(9, { method: 'PUT' })]
  const check = (calls: number) => {
    const { arrivals, ...evidence } = perfectEvidence()
    return spared.check({ ...evidence, faults, arrivals: { ...arrivals, loyalty: [...others, ...asked(calls)] } })
  }
  expect(await check(13)).toMatchObject({ passed: true, measured: 1.3, shown: '13 calls for 10 orders' })
  expect(await check(14)).toMatchObject({ passed: false, measured: 1.4, order: 2, shownLimit: 'limit 13' })
})

test('too many calls are told while it is still down', () => {
  const { early } = sparedWhileDown('loyalty', [2, 3], 1.3)
  const outage = faults.slice(1).map(({ fault, from }) => ({ fault, from }))
  const at = (loyalty: Arrival[]) => soFar({ faults: outage, arrivals: { order: [], menu: [], loyalty } })
  expect(early!(at([]))).toMatchObject({ open: true })
  expect(early!(at(asked(2)))).toMatchObject({ open: true, shown: '2 calls for 2 orders' })
  expect(early!(at(asked(3)))).toMatchObject({ passed: false })
})
