import { expect, test } from 'vitest'
import { circuitBreaker, pipeline } from '../../src/index.ts'
import { TimeWindow } from '../../src/policies/circuit-breaker/health/time-window.ts'
import { after, fails, script, succeeds, virtualWorld } from '../../src/testing/index.ts'

test('recording a failure costs the same at a million calls in the window as at ten', () => {
  const cost = (calls: number) => {
    const window = new TimeWindow(1e9)
    for (let call = 0; call < calls; call++) window.record(call / 1_000, call % 2 === 0, false)
    const rounds = Array.from({ length: 7 }, () => {
      const start = process.hrtime.bigint()
      for (let call = 0; call < 20_000; call++) {
        window.record(1e3, true, false)
        window.read(1e3)
      }
      return Number(process.hrtime.bigint() - start)
    })
    return Math.min(...rounds)
  }
  cost(1_000)
  expect(cost(1_000_000)).toBeLessThan(cost(10) * 20)
})

test('a late failure of before the break does not extend it', async () => {
  const world = virtualWorld()
  const breaker = circuitBreaker({ consecutiveFailures: 1, openFor: 100 })
  const subject = pipeline('late', [breaker], { world })
  const late = subject.execute(script(world, after(99, fails()))).catch(() => {})
  await subject.execute(script(world, fails())).catch(() => {})
  await world.until(late)
  await world.advance(1)
  expect(breaker.state).toBe('half-open')
  expect(await subject.execute(script(world, succeeds('trial')))).toBe('trial')
})
