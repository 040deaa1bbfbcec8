import { expect, test } from 'vitest'
import { type CircuitBreaker, type CircuitBreakerOptions, circuitBreaker, pipeline } from '../../src/index.ts'
import { after, fails, given, script, succeeds, times, virtualWorld } from '../../src/testing/index.ts'

/** How many failures in a row it takes. */
async function failuresToOpen(breaker: CircuitBreaker): Promise<number> {
  const subject = given([breaker])
  let failures = 0
  for (; breaker.state === 'closed' && failures < 50; failures++) await subject.when(fails()).report()
  return failures
}

test('without options: half of ten calls at least, for 5 s, one trial call', async () => {
  expect(await failuresToOpen(circuitBreaker())).toBe(10)
  const world = virtualWorld()
  const breaker = circuitBreaker()
  const subject = given([breaker], world)
  for (const step of [...times(6, succeeds()), ...times(5, fails())]) await subject.when(step).report()
  expect(breaker.state).toBe('closed')
  await subject.when(fails()).report()
  expect(breaker.state).toBe('open')
  await world.advance(4_999)
  expect(breaker.state).toBe('open')
  await world.advance(1)
  expect(breaker.state).toBe('half-open')
  await subject.when(succeeds()).report()
  expect(breaker.state).toBe('closed')
})

test('without options: the calls of 10 s count', async () => {
  const breaker = circuitBreaker()
  const subject = given([breaker])
  for (const step of times(9, fails())) await subject.when(step).report()
  await subject.world.advance(8_900)
  await subject.when(fails()).report()
  expect(breaker.state).toBe('open')
  breaker.close()
  for (const step of times(9, fails())) await subject.when(step).report()
  await subject.world.advance(10_000)
  await subject.when(fails()).report()
  expect(breaker.state).toBe('closed')
})

test('slowCall alone opens at half of the calls', async () => {
  const breaker = circuitBreaker({ slowCall: 10, minimumCalls: 4 })
  const subject = given([breaker])
  for (const step of [succeeds(), succeeds(), succeeds(), after(10, succeeds())]) await subject.when(step).report()
  expect(breaker.state).toBe('closed')
  for (const step of times(2, after(10, succeeds()))) await subject.when(step).report()
  expect(breaker.state).toBe('open')
})

test('without slowCall no call is slow', async () => {
  const breaker = circuitBreaker({ minimumCalls: 1 })
  await given([breaker]).when(after(1_000_000, succeeds())).report()
  expect(breaker.metrics()).toMatchObject({ state: 'closed', slow: 0 })
})

test('a rate of failures does not open it where failures in a row count', async () => {
  const breaker = circuitBreaker({ consecutiveFailures: 3, minimumCalls: 1, slowCall: 10 })
  const subject = given([breaker])
  for (const step of [fails(), after(20, succeeds()), fails(), succeeds()]) await subject.when(step).report()
  expect(breaker.state).toBe('closed')
  for (const step of times(5, after(20, succeeds()))) await subject.when(step).report()
  expect(breaker.state).toBe('closed')
  expect(await failuresToOpen(breaker)).toBe(3)
})

test.each<[CircuitBreakerOptions, string]>([
  [{ window: 5, consecutiveFailures: 5 }, 'window and consecutiveFailures are given, but each counts differently'],
  [{ windowCalls: 5, consecutiveFailures: 5 }, 'windowCalls and consecutiveFailures are given'],
  [{ windowCalls: 5 }, 'minimumCalls is 10, but windowCalls is 5: it would never open'],
  [{ windowCalls: 0, minimumCalls: 1 }, 'windowCalls is 0'],
  [{ window: 0 }, 'window is 0'],
  [{ consecutiveFailures: 0 }, 'consecutiveFailures is 0'],
  [{ minimumCalls: 0 }, 'minimumCalls is 0'],
  [{ slowCall: 0 }, 'slowCall is 0'],
  [{ slowCallRate: 0 }, 'slowCallRate is 0'],
  [{ openFor: -1 }, 'openFor is -1, but must be a number of milliseconds of at least 0, or a function'],
  [{ halfOpenCalls: 0 }, 'halfOpenCalls is 0'],
])('%j: %s', (options, message) => {
  expect(() => circuitBreaker(options)).toThrow(message)
  expect(() => circuitBreaker(options)).toThrow(/^circuitBreaker: /)
})

test('options that are none are named', () => {
  expect(() => circuitBreaker(JSON.parse('null'))).toThrow(
    'circuitBreaker: the options are null, but must be an object',
  )
})

test('which option is wrong is told to programs too', () => {
  expect(() => circuitBreaker({ window: 5, windowCalls: 10 })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', policy: 'circuitBreaker', option: 'windowCalls' }),
  )
  expect(() => circuitBreaker({ windowCalls: 5 })).toThrow(expect.objectContaining({ option: 'minimumCalls' }))
  expect(circuitBreaker({ windowCalls: 10 }).settings.windowCalls).toBe(10)
})

test('reconfigure changes what it is given and leaves the rest', async () => {
  const breaker = circuitBreaker({
    failureRate: 0.4,
    windowCalls: 30,
    minimumCalls: 3,
    slowCall: 70,
    slowCallRate: 0.6,
    openFor: 800,
    halfOpenCalls: 2,
    handleError: () => true,
    handleResult: () => false,
  })
  const before = breaker.settings
  breaker.reconfigure({})
  expect(breaker.settings).toEqual(before)
  const changed = { failureRate: 0.3, minimumCalls: 2, slowCall: 60, slowCallRate: 0.7, openFor: 900, halfOpenCalls: 3 }
  breaker.reconfigure(changed)
  expect(breaker.settings).toEqual({ ...before, ...changed })
})

test('another way of counting replaces the one before, whichever it is', async () => {
  const breaker = circuitBreaker({ consecutiveFailures: 5 })
  breaker.reconfigure({ windowCalls: 4, minimumCalls: 4 })
  expect(await failuresToOpen(breaker)).toBe(4)
  breaker.close()
  breaker.reconfigure({ consecutiveFailures: 2 })
  expect(await failuresToOpen(breaker)).toBe(2)
  breaker.close()
  breaker.reconfigure({ window: 1_000, minimumCalls: 3 })
  expect(breaker.settings).toMatchObject({ window: 1_000, windowCalls: undefined, consecutiveFailures: undefined })
  expect(await failuresToOpen(breaker)).toBe(3)
})

test('a window of another size begins anew, one of the same size goes on', async () => {
  const options: CircuitBreakerOptions[] = [{ window: 500 }, { windowCalls: 20 }]
  for (const [before, after] of [options, options.toReversed()]) {
    const breaker = circuitBreaker({ ...before, minimumCalls: 4 })
    const subject = given([breaker])
    for (const step of times(3, fails())) await subject.when(step).report()
    breaker.reconfigure({ ...before })
    breaker.reconfigure({ ...after })
    await subject.when(fails()).report()
    expect(breaker.state).toBe('closed')
    for (const step of times(2, fails())) await subject.when(step).report()
    breaker.reconfigure({ ...after, openFor: 10 })
    await subject.when(fails()).report()
    expect(breaker.state).toBe('open')
  }
})

test('another way of counting begins anew, though no window has another size', async () => {
  const inARow = circuitBreaker()
  await given([inARow]).when(fails()).report()
  inARow.reconfigure({ consecutiveFailures: 2 })
  expect(await failuresToOpen(inARow)).toBe(2)
  const share = circuitBreaker({ consecutiveFailures: 5 })
  for (const step of times(3, fails())) await given([share]).when(step).report()
  share.reconfigure({ window: 10_000, minimumCalls: 3 })
  expect(await failuresToOpen(share)).toBe(3)
})

test('a window of another length begins anew', async () => {
  const breaker = circuitBreaker({ window: 500, minimumCalls: 4 })
  for (const step of times(3, fails())) await given([breaker]).when(step).report()
  breaker.reconfigure({ window: 600 })
  expect(await failuresToOpen(breaker)).toBe(4)
})

test('a slow call ends no row of failures', async () => {
  const breaker = circuitBreaker({ consecutiveFailures: 2, slowCall: 10 })
  const subject = given([breaker])
  for (const step of [fails(), after(20, succeeds()), fails()]) await subject.when(step).report()
  expect(breaker.state).toBe('open')
})

test('new options hold for trial calls and for the next break', async () => {
  const world = virtualWorld()
  const breaker = circuitBreaker({ consecutiveFailures: 1, openFor: 100 })
  const subject = pipeline('live', [breaker], { world })
  const call = (...steps: Parameters<typeof script>[1][]) =>
    world.until(subject.execute(script(world, ...steps)).catch(() => {}))
  breaker.reconfigure({ openFor: 300, halfOpenCalls: 2 })
  await call(fails())
  await world.advance(299)
  expect(breaker.state).toBe('open')
  await world.advance(1)
  await call(succeeds())
  expect(breaker.state).toBe('half-open')
  await call(succeeds())
  expect(breaker.state).toBe('closed')
})

test('a backoff as openFor is told how often it has opened, and chance', async () => {
  const world = virtualWorld({ seed: 5 })
  const told: unknown[] = []
  const breaker = circuitBreaker({
    consecutiveFailures: 1,
    openFor: ({ attempt, previous, error, random }) => {
      told.push([attempt, previous, error, random()])
      return 100
    },
  })
  const subject = given([breaker], world)
  await subject.when(fails()).report()
  await world.advance(100)
  await subject.when(fails()).report()
  const same = virtualWorld({ seed: 5 })
  expect(told).toEqual([
    [1, 0, undefined, same.random()],
    [2, 0, undefined, same.random()],
  ])
})

test('its name and kind', () => {
  expect([circuitBreaker().name, circuitBreaker({ name: 'menu' }).name]).toEqual(['circuitBreaker', 'menu'])
  expect(circuitBreaker({ name: 'menu' }).kind).toBe('circuitBreaker')
})
