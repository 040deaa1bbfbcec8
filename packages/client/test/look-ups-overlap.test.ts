import { expect, test } from 'vitest'
import { lookUpsOverlap } from '../src/exercises/invariants/look-ups-overlap.ts'
import type { Arrival } from '../src/invariants/index.ts'
import { perfectEvidence } from './support/outcomes.ts'

const { arrivals, ...evidence } = perfectEvidence()
const { traceId } = evidence.orders[0]!

/** Look-ups of the first order, each from and to so many milliseconds. */
function check(menu: [number, number][], loyalty: [number, number][] = []) {
  const asked = (times: [number, number][]): Arrival[] =>
    times.map(([from, to]) => ({ method: 'GET', path: '/x', from, to, traceId }))
  return lookUpsOverlap(300).check({
    ...evidence,
    arrivals: { ...arrivals, menu: asked(menu), loyalty: asked(loyalty) },
  })
}

test('look-ups that are all under way at the same time pass, however long some of them take', async () => {
  expect(
    await check(
      [
        [0, 300],
        [20, 900],
      ],
      [[290, 600]],
    ),
  ).toMatchObject({ passed: true, shown: '0 of 3 waited' })
})

test('one that begins when another has ended has waited for it, also where a busy machine makes the first longer', async () => {
  expect(
    await check([
      [0, 300],
      [301, 610],
    ]),
  ).toMatchObject({ passed: false, shown: '1 of 2 waited', order: 1 })
  expect(
    await check(
      [
        [0, 300],
        [10, 900],
      ],
      [[905, 1_205]],
    ),
  ).toMatchObject({ passed: false, shown: '1 of 3 waited' })
})

test('quick look-ups say nothing, and nothing is no success', async () => {
  expect(
    await check([
      [0, 300],
      [10, 320],
      [500, 510],
    ]),
  ).toMatchObject({ passed: true, shown: '0 of 2 waited' })
  expect(
    await check([
      [0, 5],
      [10, 12],
    ]),
  ).toMatchObject({ passed: false, measured: 0 })
})
