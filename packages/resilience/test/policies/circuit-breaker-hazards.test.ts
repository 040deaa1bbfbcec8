import { expect, test } from 'vitest'
import { circuitBreaker, pipeline, timeout } from '../../src/index.ts'
import { after, fails, given, hangs, script, succeeds, virtualWorld } from '../../src/testing/index.ts'

test.each([Number.NaN, -1, JSON.parse('"5s"')])(
  'an openFor that returns %s is named, instead of a circuit that never lets a trial call in',
  async (openFor) => {
    const breaker = circuitBreaker({ consecutiveFailures: 1, openFor: () => openFor })
    const subject = given([breaker])
    const { error } = await subject.when(fails()).report()
    expect(error).toMatchObject({ code: 'INVALID_OPTION', policy: 'circuitBreaker', option: 'openFor' })
    expect(error).toHaveProperty(
      'message',
      expect.stringMatching(
        /^circuitBreaker: openFor returned .*, but must return a number of milliseconds of at least 0$/,
      ),
    )
    expect([breaker.state, breaker.circuit.openings]).toEqual(['closed', 0])
  },
)

test('an openFor that throws when a call gets slow is the outcome of that call, and stops no timeout', async () => {
  const world = virtualWorld()
  const broken = new Error('openFor')
  const openFor = () => {
    throw broken
  }
  const breaker = circuitBreaker({ slowCall: 100, minimumCalls: 1, openFor })
  const subject = pipeline('slow', [breaker], { world })
  const other = pipeline('other', [timeout(100)], { world })
  const slow = subject.execute(script(world, after(150, succeeds())))
  const waiting = other.execute(script(world, hangs()))
  await expect(world.until(waiting)).rejects.toMatchObject({ code: 'TIMEOUT' })
  await expect(world.until(slow)).rejects.toBe(broken)
})
