import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { complete } from '../src/batteries/complete.ts'
import { batteries } from '../src/batteries/index.ts'
import { rushHour } from '../src/batteries/rush-hour.ts'
import { UsageError } from '../src/cli/errors.ts'
import { renderError } from '../src/cli/report-error.ts'
import { everyInvariant } from '../src/invariants/index.ts'
import type { RunEvent } from '../src/run/events.ts'
import { initialState, reduce } from '../src/run/run-state.ts'
import { scheduleOf } from '../src/run/schedule-of.ts'
import type { Verdict } from '../src/run/verdict.ts'
import { compareHeadline, renderCompare } from '../src/screen/compare.ts'
import { describeEvent } from '../src/screen/plain.ts'
import { renderRunning } from '../src/screen/running.ts'
import { renderSchedule } from '../src/screen/schedule.ts'
import { createTheme } from '../src/screen/theme.ts'
import { renderVerdict } from '../src/screen/verdict.ts'
import { perfectEvidence, perfectOutcomes, storedAs, toldOf } from './support/outcomes.ts'

const plain = createTheme({ colour: false, ascii: false })
const ascii = createTheme({ colour: false, ascii: true })
const coloured = createTheme({ colour: true, ascii: false })
const outcomes = perfectOutcomes()
const faults = scheduleOf(complete, 7)

const events: RunEvent[] = [
  { type: 'order started', at: 0, order: 1, traceId: '4bf92f3577b34da6a3ce929d0e0e4736' },
  { type: 'order ended', at: 200, outcome: { ...outcomes[0]!, traceId: '4bf92f3577b34da6a3ce929d0e0e4736' } },
  { type: 'trace found', at: 250, order: 1, url: 'http://127.0.0.1:3000/trace/4bf92f3577b34da6a3ce929d0e0e4736' },
  { type: 'order started', at: 300, order: 2, traceId: '9c1e07aa5d0b4c7e8f21a0b3c4d5e6f7' },
  { type: 'attempt started', at: 900, order: 2, attempt: 2 },
  { type: 'fault started', at: 300, fault: faults.find(({ kind }) => kind === 'lost reply')! },
  { type: 'fault started', at: 400, fault: faults.find((fault) => 'target' in fault && fault.kind !== 'restart')! },
]

async function verdict(failing: boolean): Promise<Verdict> {
  const evidence = perfectEvidence()
  const copy = storedAs(evidence.orders[1]!, { orderId: 'copy' })
  const found = failing
    ? { ...evidence, stored: [...evidence.stored, copy], loyalty: [...evidence.loyalty, toldOf(copy)] }
    : evidence
  const invariants = []
  for (const invariant of everyInvariant({ attempts: 30, slowest: 60_000 }))
    invariants.push({ name: invariant.name, ...(await invariant.check(found)) })
  return {
    ...{ battery: 'complete', seed: 7, stage: 'embedded', client: 'persistent', startedAt: new Date(0), ms: 9_000 },
    orderService: failing ? 'starting' : 'solution:12-game-day',
    passed: !failing,
    orders: outcomes.map((order) => ({ ...order, traceUrl: `http://127.0.0.1:3000/trace/${order.traceId}` })),
    invariants,
    faults: [],
  }
}

describe('a battery while it runs', () => {
  const state = events.reduce(reduce, initialState(complete))

  test('shows orders, faults and progress', () => {
    expect(
      `\n${renderRunning(plain, state, 'complete · seed 7 · starting service', 1_500).join('\n')}\n`,
    ).toMatchInlineSnapshot(`
      "
       complete · seed 7 · starting service                                      0:01

          1   25.00    0 %   placed   1 attempt       0.20 s   4bf92f35…
          2   19.80    1 %   trying   2nd attempt     1.20 s
          3
          4
          5
          6

       now  client → order     reply lost after the work       until it is saved
            menu               killed                          0.90 s left




       ███░░░░░░░░░░░░░░░░░  1 of 6 orders
      "
    `)
  })

  test('what has failed already is told', () => {
    const failed = {
      name: 'every order placed',
      ...{ passed: false, measured: 5, limit: 6, unit: 'orders', shown: '5 of 6' },
    }
    const told = reduce(state, { type: 'invariant', at: 900, result: failed })
    expect(renderRunning(plain, told, 'x', 1_000)).toContain(' ✗    every order placed   5 of 6')
  })

  test('without a terminal, a check that is decided early is a line; the verdict tells the others', () => {
    const result = { name: 'every order placed', passed: false, measured: 1, limit: 6, unit: 'orders', shown: '1 of 6' }
    const line = describeEvent({ type: 'invariant', at: 900, result, early: true })
    expect(line).toBe('   0.90 s  check failed: every order placed, 1 of 6')
    expect(describeEvent({ type: 'invariant', at: 900, result })).toBeUndefined()
    const checks = { 'every order placed': { open: true, shown: '1 of 6' } } as const
    expect(describeEvent({ type: 'measured', at: 900, checks })).toBeUndefined()
  })

  test('never has more lines than a terminal of 24, nor fewer at another moment', () => {
    const rush = initialState(rushHour)
    expect(renderRunning(plain, rush, 'rush', 0).length).toBeLessThanOrEqual(22)
    expect(renderRunning(plain, state, 'x', 0)).toHaveLength(
      renderRunning(plain, initialState(complete), 'x', 0).length,
    )
  })
})

test('a verdict gives the answer, the evidence and the next action', async () => {
  expect(`\n${renderVerdict(plain, await verdict(true), { stays: true }).join('\n')}\n`).toMatchInlineSnapshot(`
    "
     ✗ 2 of 7 checks failed                                       complete · seed 7

     ✓ every order placed              6 of 6
     ✓ amount and discount right       6 of 6
     ✗ one order per key               7 orders              limit 6
         Order 2 was cooked twice: saved, then the reply was lost, and the retry
         saved again. An idempotency key makes a retry safe.
     ✓ no order without items          0
     ✗ loyalty told once of each       6 of 6, one twice
         Order 2 counts more than once, so the next discount is too high: each copy
         of a doubled order was told to loyalty.
     ✓ attempts the client needed      6                     limit 30
     ✓ slowest order                   0.20 s                limit 60.00 s

     look    http://127.0.0.1:3000/trace/00000000000000000000000000000002
     again   pnpm workshop battery complete --seed 7
     learn   pnpm workshop exercise 06
    "
  `)
})

test('with --ascii signs become words', async () => {
  expect(`\n${renderVerdict(ascii, await verdict(true), { stays: false }).join('\n')}\n`).toMatchInlineSnapshot(`
    "
     FAIL 2 of 7 checks failed                                    complete - seed 7

     ok   every order placed              6 of 6
     ok   amount and discount right       6 of 6
     FAIL one order per key               7 orders              limit 6
            Order 2 was cooked twice: saved, then the reply was lost, and the retry
            saved again. An idempotency key makes a retry safe.
     ok   no order without items          0
     FAIL loyalty told once of each       6 of 6, one twice
            Order 2 counts more than once, so the next discount is too high: each
            copy of a doubled order was told to loyalty.
     ok   attempts the client needed      6                     limit 30
     ok   slowest order                   0.20 s                limit 60.00 s

     look    pnpm workshop trace 00000000000000000000000000000002
     again   pnpm workshop battery complete --seed 7
     learn   pnpm workshop exercise 06
    "
  `)
})

test('two services side by side', async () => {
  expect(`\n${renderCompare(plain, await verdict(true), await verdict(false)).join('\n')}\n`).toMatchInlineSnapshot(`
    "
     complete · seed 7                   starting               finished

     orders placed                         6 of 6  ✓              6 of 6  ✓
     saved in all                        7 orders  ✗            6 orders  ✓
     priced right                          6 of 6  ✓              6 of 6  ✓
     without items                              0  ✓                   0  ✓
     loyalty told once          6 of 6, one twice  ✗              6 of 6  ✓
     attempts                                   6                      6
     p50                                   0.20 s                 0.20 s
     p95                                   0.20 s                 0.20 s
     max                                   0.20 s                 0.20 s

     why     pnpm workshop battery complete --seed 7
     how     solutions/12-game-day/place-order.ts
     again   pnpm workshop demo --seed 7
    "
  `)
  expect(compareHeadline(plain, await verdict(true), await verdict(false))).toBe(
    ' ✗ starting: 2 of 7 failed   ✓ finished: all 7 passed         complete · seed 7',
  )
})

test('a mistake has three parts', () => {
  const error = new UsageError('There is no battery "complte".', {
    meaning: 'Did you mean "complete"?',
    remedy: ['Choose one'],
  })
  expect(renderError(plain, error)).toEqual([
    ' There is no battery "complte".',
    ' Did you mean "complete"?',
    '   Choose one',
  ])
})

test('no screen is wider than its terminal, coloured or not, and --ascii is ASCII alone', async () => {
  const [failed, passed] = [await verdict(true), await verdict(false)]
  const screens = (theme: typeof plain, seed: number) => [
    ...renderRunning(theme, events.reduce(reduce, initialState(complete)), 'complete', seed),
    ...batteries.flatMap((battery) => renderSchedule(theme, battery, seed, scheduleOf(battery, seed))),
    ...renderCompare(theme, failed, passed),
    ...renderVerdict(theme, failed, { stays: true }),
  ]
  fc.assert(
    fc.property(fc.nat(1e6), fc.integer({ min: 80, max: 300 }), (seed, width) => {
      for (const options of [
        { colour: false, ascii: false },
        { colour: false, ascii: true },
      ]) {
        const theme = createTheme({ ...options, width })
        for (const line of screens(theme, seed)) {
          expect(line.length).toBeLessThanOrEqual(Math.max(80, theme.width))
          if (options.ascii) expect(line).toMatch(/^[ -~]*$/)
        }
      }
    }),
    { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 50 },
  )
  const withoutColour = (line: string) => line.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '')
  expect(screens(coloured, 7).map(withoutColour)).toEqual(screens(plain, 7))
  expect(screens(coloured, 7)).not.toEqual(screens(plain, 7))
})
