import { expect, test } from 'vitest'
import { LatencyHistogram } from '../../src/windows/latency-histogram.ts'
import { SlidingSum } from '../../src/windows/sliding-sum.ts'

test('sliding sum: forgets a tenth at a time, by the clock', () => {
  const sum = new SlidingSum(1_000)
  expect(sum.sum(0)).toBe(0)
  sum.add(0, 1)
  sum.add(99, 2)
  sum.add(100, 4)
  sum.add(950, 8)
  expect(sum.sum(999)).toBe(15)
  expect(sum.sum(1_000)).toBe(12)
  expect(sum.sum(1_099)).toBe(12)
  expect(sum.sum(1_100)).toBe(8)
  expect(sum.sum(1_899)).toBe(8)
  expect(sum.sum(1_900)).toBe(0)
})

test('sliding sum: after a pause of any length it is empty, and goes on', () => {
  for (const pause of [1_000, 1_950, 10_000, 123_456]) {
    const sum = new SlidingSum(1_000)
    for (let at = 0; at < 1_000; at += 100) sum.add(at, 1)
    sum.add(pause + 900, 5)
    expect(sum.sum(pause + 900)).toBe(5)
    expect(sum.sum(pause + 900 + 899)).toBe(5)
    expect(sum.sum(pause + 900 + 1_000)).toBe(0)
  }
})

test('sliding sum: what was added with a clock that stood still stays', () => {
  const sum = new SlidingSum(1_000)
  sum.add(500, 1)
  sum.add(500, 2)
  expect(sum.sum(500)).toBe(3)
})

test('histogram: the shortest and the longest have a bucket too', () => {
  const histogram = new LatencyHistogram(10)
  for (const duration of [0, 0.005, 0.01]) histogram.record(duration)
  expect(histogram.quantile(1)).toBe(0.01)
  histogram.record(1e15)
  expect(histogram.quantile(1)).toBeCloseTo(0.01 * 1.05 ** 479, -5)
  expect(histogram.quantile(0.75)).toBe(0.01)
})

test('histogram: a quantile is the duration that this share stays within', () => {
  const histogram = new LatencyHistogram(100)
  for (const duration of [1, 10, 100, 1_000]) histogram.record(duration)
  const within = (share: number) => Math.log10(histogram.quantile(share))
  expect(within(0)).toBeCloseTo(0, 1)
  expect(within(0.25)).toBeCloseTo(0, 1)
  expect(within(0.26)).toBeCloseTo(1, 1)
  expect(within(0.5)).toBeCloseTo(1, 1)
  expect(within(0.75)).toBeCloseTo(2, 1)
  expect(within(0.76)).toBeCloseTo(3, 1)
  expect(within(1)).toBeCloseTo(3, 1)
})

test('histogram: keeps the latest, between once and twice its size', () => {
  const histogram = new LatencyHistogram(3)
  const counts: number[] = []
  for (let call = 0; call < 8; call++) {
    histogram.record(call < 3 ? 1_000 : call < 6 ? 100 : 10)
    counts.push(histogram.count)
  }
  expect(counts).toEqual([1, 2, 3, 4, 5, 6, 4, 5])
  expect(histogram.quantile(1)).toBeLessThan(106)
  expect(histogram.quantile(0.4)).toBeLessThan(11)
  expect(histogram.quantile(0.6)).toBeGreaterThan(99)
})
