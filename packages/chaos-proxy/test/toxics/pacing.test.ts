import { expect, test } from 'vitest'
import { BenchTop } from '../support/bench-top.ts'

test('bandwidth: what is more than 100 ms worth goes in pieces', () => {
  const bench = new BenchTop(['bandwidth', { rate: 1 }])
  bench.write('x'.repeat(250))
  bench.clock.advance(1000)
  expect(bench.out.map((line) => line.length)).toEqual([104, 104, 54])
  expect(bench.out.map((line) => line.split(' ')[0])).toEqual(['100', '200', '250'])
})

test('bandwidth: time without data is not saved up', () => {
  const bench = new BenchTop(['bandwidth', { rate: 1 }])
  bench.clock.advance(5000)
  bench.write('x'.repeat(50))
  bench.clock.advance(1000)
  expect(bench.out[0]).toMatch(/^5050 /)
})

test('bandwidth: time that the reader was slow is not made up for in a burst', () => {
  const bench = new BenchTop(['bandwidth', { rate: 1 }])
  bench.full = true
  bench.write('x'.repeat(300))
  bench.clock.advance(5000)
  bench.drain()
  bench.clock.advance(1000)
  expect(bench.out.map((line) => line.split(' ')[0])).toEqual(['5000', '5100', '5200'])
})

test('bandwidth 0 holds everything until it is changed or removed', () => {
  const bench = new BenchTop(['bandwidth', { rate: 0 }])
  bench.write('a')
  bench.end()
  bench.clock.advance(10_000)
  expect(bench.out).toEqual([])
  bench.remove(0)
  expect(bench.out).toEqual(['10000 a', '10000 END'])
})

test('slicer: slices, each its delay after the one before; a change lets the rest of them go as one', () => {
  const bench = new BenchTop(['slicer', { average_size: 2, delay: 10_000 }])
  bench.write('abcdefgh')
  bench.clock.advance(15)
  expect(bench.out).toEqual(['0 ab', '10 cd'])
  bench.change(0, { average_size: 4, delay: 1_000 })
  expect(bench.out.slice(2)).toEqual(['15 efgh'])
})

test('slicer: the delays are exact, and smaller than a millisecond too', () => {
  const bench = new BenchTop(['slicer', { average_size: 1, delay: 250 }])
  bench.write('abcd')
  bench.clock.advance(5)
  expect(bench.out).toEqual(['0 a', '0.25 b', '0.5 c', '0.75 d'])
})
