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

test('sliding sum: its history, replayed at once, is the same sum; replayed later, what has left the window is missing', () => {
  const sum = new SlidingSum(1_000)
  for (const [at, amount] of [
    [5_000, 1],
    [5_050, 2],
    [5_300, 4],
    [5_900, 8],
  ] as const)
    sum.add(at, amount)
  const history = sum.history(5_950)
  expect(history).toEqual([
    { age: 900, amount: 3 },
    { age: 600, amount: 4 },
    { age: 0, amount: 8 },
  ])
  for (const [elapsed, total] of [
    [0, 15],
    [99, 15],
    [100, 12],
    [399, 12],
    [400, 8],
    [999, 8],
    [1_000, 0],
  ] as const) {
    const replayed = new SlidingSum(1_000)
    replayed.add(120, 77)
    replayed.replay(250, history, elapsed)
    expect([elapsed, replayed.sum(250)]).toEqual([elapsed, total])
  }
})

test('sliding sum: what was replayed is forgotten when it is due', () => {
  const sum = new SlidingSum(1_000)
  sum.replay(
    250,
    [
      { age: 600, amount: 4 },
      { age: 650, amount: 1 },
      { age: 0, amount: 8 },
    ],
    0,
  )
  sum.add(250, 16)
  expect(sum.history(250)).toEqual([
    { age: 600, amount: 5 },
    { age: 0, amount: 24 },
  ])
  expect([sum.sum(599), sum.sum(600), sum.sum(1_199), sum.sum(1_200)]).toEqual([29, 24, 24, 0])
  expect(sum.history(1_300)).toEqual([])
})

test('sliding sum: its history is as of now', () => {
  const sum = new SlidingSum(1_000)
  sum.add(0, 1)
  expect(sum.history(950)).toEqual([{ age: 900, amount: 1 }])
  expect(sum.history(1_000)).toEqual([])
  const replayed = new SlidingSum(1_000)
  replayed.add(0, 1)
  replayed.replay(5_000, [{ age: 0, amount: 2 }], 0)
  expect([replayed.sum(5_000), replayed.sum(5_999), replayed.sum(6_000)]).toEqual([2, 2, 0])
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
