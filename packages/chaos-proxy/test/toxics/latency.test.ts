import { expect, test } from 'vitest'
import { BenchTop } from '../support/bench-top.ts'

test('each chunk is due its latency after it came, whatever else is on the way', () => {
  const bench = new BenchTop(['latency', { latency: 100 }])
  bench.write('a')
  bench.clock.advance(10)
  bench.write('b')
  bench.clock.advance(500)
  expect(bench.out).toEqual(['100 a', '110 b'])
})

test('latencies in a row add up exactly', () => {
  const bench = new BenchTop(...Array.from({ length: 60 }, () => ['latency', { latency: 5 }] as const))
  bench.write('a')
  bench.clock.advance(1000)
  expect(bench.out).toEqual(['300 a'])
})

test('the end of an idle stream is not delayed, and does not overtake data', () => {
  const idle = new BenchTop(['latency', { latency: 100 }])
  idle.end()
  expect(idle.out).toEqual(['0 END'])
  const busy = new BenchTop(['latency', { latency: 100 }])
  busy.write('a')
  busy.end()
  busy.clock.advance(500)
  expect(busy.out).toEqual(['100 a', '100 END'])
})

test('jitter larger than the latency keeps the order and never goes back in time', () => {
  const bench = new BenchTop(['latency', { latency: 5, jitter: 50 }])
  for (const letter of 'abcdefghij') {
    bench.write(letter)
    bench.clock.advance(1)
  }
  bench.clock.advance(1000)
  expect(bench.out.map((line) => line.at(-1)).join('')).toBe('abcdefghij')
})

test('a change lets the held chunk go and times the rest anew; a removal lets all go', () => {
  const bench = new BenchTop(['latency', { latency: 3000 }])
  bench.write('a')
  bench.write('b')
  bench.write('c')
  bench.clock.advance(100)
  bench.change(0, { latency: 500 })
  expect(bench.out).toEqual(['100 a'])
  bench.clock.advance(1000)
  expect(bench.out).toEqual(['100 a', '500 b', '500 c'])
  bench.write('d')
  bench.write('e')
  bench.remove(0)
  expect(bench.out.slice(3)).toEqual(['1100 d', '1100 e'])
  expect(bench.clock.pending).toBe(0)
})

test('it is full at 1024 chunks, and so is what comes before it', () => {
  const bench = new BenchTop(['noop'], ['latency', { latency: 10 }])
  for (let count = 0; count < 1024; count++) bench.write('.')
  expect([bench.stubs[0]!.full, bench.stubs[1]!.full]).toEqual([false, true])
  bench.write('.')
  expect([bench.stubs[0]!.full, bench.stubs[0]!.held]).toEqual([true, 1])
  bench.clock.advance(10)
  expect(bench.stubs[0]!.full).toBe(false)
  bench.clock.advance(10)
  expect(bench.out).toHaveLength(1025)
})
