import { expect, test } from 'vitest'
import { BenchTop } from '../support/bench-top.ts'

test('slow_close delays the end, from when it came', () => {
  const bench = new BenchTop(['slow_close', { delay: 400 }])
  bench.clock.advance(50)
  bench.write('a')
  bench.end()
  bench.clock.advance(1000)
  expect(bench.out).toEqual(['50 a', '450 END'])
})

test('timeout counts from the last data, drops it, and needs no room behind it', () => {
  const bench = new BenchTop(['timeout', { timeout: 200 }])
  bench.full = true
  bench.clock.advance(150)
  bench.write('a')
  bench.clock.advance(1000)
  expect(bench.out).toEqual(['350 END'])
})

test('timeout: removal ends the stream', () => {
  const bench = new BenchTop(['timeout', { timeout: 0 }])
  bench.write('a')
  bench.clock.advance(1000)
  bench.remove(0)
  expect(bench.out).toEqual(['1000 END'])
})

test('reset_peer closes a while after the first data, and a removal before that lets it go on', () => {
  const bench = new BenchTop(['reset_peer', { timeout: 100 }])
  bench.clock.advance(1000)
  bench.write('a')
  bench.clock.advance(1000)
  expect(bench.out).toEqual(['1100 END'])
  const spared = new BenchTop(['reset_peer', { timeout: 100 }])
  spared.write('a')
  spared.clock.advance(50)
  spared.remove(0)
  spared.clock.advance(1000)
  expect(spared.out).toEqual(['50 a'])
})

test('reset_peer: a change starts the wait anew and loses nothing', () => {
  const bench = new BenchTop(['reset_peer', { timeout: 100 }])
  bench.write('a')
  bench.clock.advance(50)
  bench.change(0, { timeout: 200 })
  bench.clock.advance(1000)
  expect(bench.out).toEqual(['250 END'])
})

test('limit_data ends with the last byte allowed, and keeps its count through a change', () => {
  const exact = new BenchTop(['limit_data', { bytes: 3 }])
  exact.write('abc')
  expect(exact.out).toEqual(['0 abc', '0 END'])
  const changed = new BenchTop(['limit_data', { bytes: 10 }])
  changed.write('abcd')
  changed.change(0, { bytes: 2 })
  expect(changed.out).toEqual(['0 abcd'])
  changed.write('e')
  expect(changed.out).toEqual(['0 abcd', '0 END'])
})

test('limit_data 0 waits for the first byte', () => {
  const bench = new BenchTop(['limit_data', { bytes: 0 }])
  bench.clock.advance(1000)
  expect(bench.out).toEqual([])
  bench.write('a')
  expect(bench.out).toEqual(['1000 END'])
})

test('what a removed toxic holds goes on as fast as it is taken, and nothing overtakes it', () => {
  const bench = new BenchTop(['noop'], ['latency', { latency: 1000 }])
  bench.write('a')
  bench.write('b')
  bench.full = true
  bench.remove(1)
  bench.write('c')
  expect([bench.out, bench.chain.held]).toEqual([[], 3])
  bench.add('latency', { latency: 5 })
  expect(bench.chain.toxics.map(({ name }) => name)).toEqual(['noop', 'latency'])
  bench.clock.advance(100)
  bench.drain()
  expect([bench.out, bench.chain.held]).toEqual([['100 a', '100 b', '100 c'], 0])
})
