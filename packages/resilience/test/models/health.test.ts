import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CountWindow } from '../../src/policies/circuit-breaker/health/count-window.ts'
import { TimeWindow } from '../../src/policies/circuit-breaker/health/time-window.ts'
import { LatencyHistogram } from '../../src/windows/latency-histogram.ts'
import { SlidingSum } from '../../src/windows/sliding-sum.ts'
import { check } from '../check.ts'

const history = fc.array(
  fc.record({ pause: fc.integer({ min: 0, max: 400 }), failed: fc.boolean(), slow: fc.boolean() }),
  { maxLength: 80, size: 'max' },
)
type Recorded = { at: number; failed: boolean; slow: boolean }

function count(calls: Recorded[]) {
  return {
    calls: calls.length,
    failures: calls.filter(({ failed }) => failed).length,
    slow: calls.filter(({ slow }) => slow).length,
  }
}

test('a count window holds exactly the latest calls', async () => {
  await check(
    fc.property(history, fc.integer({ min: 1, max: 20 }), (calls, size) => {
      const window = new CountWindow(size)
      const all: Recorded[] = []
      for (const { failed, slow } of calls) {
        all.push({ at: 0, failed, slow })
        window.record(0, failed, slow)
        expect(window.read()).toMatchObject(count(all.slice(-size)))
      }
    }),
    200,
  )
})

test('a time window holds all calls of nine tenths of its span, and none older than the span', async () => {
  const SPAN = 1_000
  await check(
    fc.property(history, (calls) => {
      const window = new TimeWindow(SPAN)
      const all: Recorded[] = []
      let now = 12_345
      for (const { pause, failed, slow } of calls) {
        now += pause
        all.push({ at: now, failed, slow })
        window.record(now, failed, slow)
        const read = window.read(now)
        const least = count(all.filter(({ at }) => at > now - SPAN * 0.9))
        const most = count(all.filter(({ at }) => at > now - SPAN))
        for (const kind of ['calls', 'failures', 'slow'] as const) {
          expect(read[kind]).toBeGreaterThanOrEqual(least[kind])
          expect(read[kind]).toBeLessThanOrEqual(most[kind])
        }
      }
      expect(window.read(now + SPAN * 2)).toMatchObject({ calls: 0, failures: 0, slow: 0 })
    }),
    200,
  )
})

test('a sliding sum holds all of nine tenths of its span, and nothing older than the span', async () => {
  const SPAN = 1_000
  await check(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.nat(5)), { maxLength: 80, size: 'max' }),
      (additions) => {
        const sum = new SlidingSum(SPAN)
        const all: { at: number; amount: number }[] = []
        const total = (since: number) => all.reduce((acc, { at, amount }) => (at > since ? acc + amount : acc), 0)
        let now = 0
        for (const [pause, amount] of additions) {
          now += pause
          all.push({ at: now, amount })
          sum.add(now, amount)
          expect(sum.sum(now)).toBeGreaterThanOrEqual(total(now - SPAN * 0.9))
          expect(sum.sum(now)).toBeLessThanOrEqual(total(now - SPAN))
        }
        expect(sum.sum(now + SPAN)).toBe(0)
      },
    ),
    200,
  )
})

test('quantiles are right within 5 %', async () => {
  const durations = fc.array(fc.double({ min: 0.02, max: 60_000, noNaN: true }), {
    minLength: 1,
    maxLength: 200,
    size: 'max',
  })
  await check(
    fc.property(durations, fc.double({ min: 0.01, max: 1, noNaN: true }), (recorded, share) => {
      const histogram = new LatencyHistogram(1_000)
      for (const duration of recorded) histogram.record(duration)
      const sorted = recorded.toSorted((a, b) => a - b)
      const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
      expect(histogram.quantile(share)).toBeGreaterThanOrEqual(exact * 0.999)
      expect(histogram.quantile(share)).toBeLessThanOrEqual(exact * 1.051)
    }),
    200,
  )
})

test('the histogram forgets', () => {
  const histogram = new LatencyHistogram(10)
  expect(histogram.quantile(0.5)).toBe(0)
  for (let call = 0; call < 10; call++) histogram.record(1_000)
  for (let call = 0; call < 20; call++) histogram.record(1)
  expect(histogram.quantile(1)).toBeLessThan(1.06)
})
