import { expect, test } from 'vitest'
import { circuitBreaker, pipeline, type ResilienceEvent } from '../../src/index.ts'
import { after, fails, given, script, succeeds, virtualWorld } from '../../src/testing/index.ts'

function states(events: readonly ResilienceEvent[]) {
  return events.flatMap((event) => (event.type === 'state' ? [`${event.from} > ${event.to}: ${event.reason}`] : []))
}

test('tells of each change of state and why', async () => {
  const breaker = circuitBreaker({ consecutiveFailures: 2, openFor: 1_000, name: 'menu' })
  const subject = given([breaker])
  await subject.when(fails()).thenExpect({ events: [] })
  const { events } = await subject.when(fails()).report()
  expect(events[0]).toEqual({
    type: 'state',
    pipeline: 'given',
    policy: 'menu',
    from: 'closed',
    to: 'open',
    reason: '2 failures in a row',
  })
  await subject.world.advance(1_000)
  const failed = await subject.when(fails()).report()
  expect(states(failed.events)).toEqual([
    'open > half-open: the break is over',
    'half-open > open: a trial call failed',
  ])
  await subject.world.advance(1_000)
  const passed = await subject.when(succeeds()).report()
  expect(states(passed.events)).toEqual([
    'open > half-open: the break is over',
    'half-open > closed: the trial calls succeeded',
  ])
})

test.each([
  [{ minimumCalls: 4, failureRate: 0.5 }, [succeeds(), succeeds(), fails(), fails()], '2 of 4 calls failed'],
  [{ windowCalls: 2, minimumCalls: 2 }, [succeeds(), fails()], '1 of 2 calls failed'],
  [
    { minimumCalls: 2, slowCall: 10, slowCallRate: 1 },
    [after(10, succeeds()), after(10, succeeds())],
    '2 of 2 calls were slow',
  ],
])('why it opened: %j', async (options, steps, reason) => {
  const subject = given([circuitBreaker(options)])
  const events: ResilienceEvent[] = []
  for (const step of steps) events.push(...(await subject.when(step).report()).events)
  expect(states(events)).toEqual([`closed > open: ${reason}`])
})

test('by hand: told of once, in each pipeline that it stands in', async () => {
  const breaker = circuitBreaker()
  const heard: string[] = []
  const subjects = ['reads', 'writes'].map((name) => pipeline(name, [breaker]))
  for (const subject of subjects) subject.subscribe((event) => heard.push(`${event.pipeline} ${states([event])}`))
  breaker.isolate()
  breaker.isolate()
  breaker.close()
  breaker.close()
  expect(heard).toEqual([
    'reads closed > isolated: isolated by hand',
    'writes closed > isolated: isolated by hand',
    'reads isolated > closed: closed by hand',
    'writes isolated > closed: closed by hand',
  ])
})

test('a rejection tells for how long the circuit stays open, in its error and its event', async () => {
  const breaker = circuitBreaker({ consecutiveFailures: 1, openFor: 1_000, name: 'menu' })
  const subject = given([breaker])
  await subject.when(fails()).report()
  await subject.world.advance(400)
  const { error, events } = await subject.when(succeeds()).report()
  expect(error).toMatchObject({ code: 'CIRCUIT_OPEN', policy: 'menu', pipeline: 'given', retryAfter: 600 })
  expect(error).toHaveProperty('message', 'given: the circuit is open after too many failures (menu)')
  expect(events[0]).toEqual({ type: 'rejection', pipeline: 'given', policy: 'menu', error })
})

test('isolated, it does not know for how long', async () => {
  const breaker = circuitBreaker()
  breaker.isolate()
  const { error } = await given([breaker]).when(succeeds()).report()
  expect(error).toMatchObject({ retryAfter: undefined })
  expect(error).toHaveProperty('message', 'given: the circuit was opened by hand (circuitBreaker)')
})

test('half-open, a call too many is told so', async () => {
  const world = virtualWorld()
  const breaker = circuitBreaker({ consecutiveFailures: 1, openFor: 100 })
  const subject = pipeline('trial', [breaker], { world })
  await subject.execute(script(world, fails())).catch(() => {})
  await world.advance(100)
  const trial = subject.execute(script(world, after(10, succeeds())))
  await expect(subject.execute(() => 1)).rejects.toThrow('half-open and all of its trial calls are under way')
  await world.until(trial)
})

test('counts what calls came to, and what it turned away', async () => {
  const breaker = circuitBreaker({ consecutiveFailures: 2, slowCall: 50 })
  const subject = given([breaker])
  expect(breaker.metrics()).toEqual({ state: 'closed', successes: 0, failures: 0, slow: 0, rejections: 0 })
  for (const step of [succeeds(), after(60, succeeds()), fails(), fails(), succeeds()])
    await subject.when(step).report()
  expect(breaker.metrics()).toEqual({ state: 'open', successes: 2, failures: 2, slow: 1, rejections: 1 })
})

test('what says nothing about the callee is counted neither way', async () => {
  const breaker = circuitBreaker()
  const rejected = circuitBreaker()
  rejected.isolate()
  const inner = pipeline('inner', [rejected])
  await given([breaker, rejected]).when(succeeds()).report()
  await given([breaker])
    .when(() => inner.execute(() => 1))
    .report()
  expect(breaker.metrics()).toMatchObject({ successes: 0, failures: 0 })
})
