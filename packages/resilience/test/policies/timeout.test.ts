import { expect, test } from 'vitest'
import { bulkhead, circuitBreaker, constant, pipeline, retry, TimeoutError, timeout } from '../../src/index.ts'
import { after, fails, given, hangs, script, stubbornly, succeeds, virtualWorld } from '../../src/testing/index.ts'

test('lets through what is in time', async () => {
  await given([timeout(100)])
    .when(after(99, succeeds('ok')))
    .thenExpect({ result: 'ok', elapsed: 99, events: [] })
})

test('rejects when the time is up, and aborts the signal with the same error', async () => {
  const { error, calls } = await given([timeout(100)])
    .when(hangs())
    .thenExpect({ error: TimeoutError, elapsed: 100, events: ['timeout'] })
  expect(calls[0]?.context.signal.reason).toBe(error)
  expect(error).toMatchObject({ code: 'TIMEOUT', pipeline: 'given', policy: 'timeout', limit: 100 })
})

test('a signal that is first touched after the timeout is aborted', async () => {
  const { calls } = await given([timeout(100)])
    .when(stubbornly(500, succeeds()))
    .report()
  expect(calls[0]?.context.signal.aborted).toBe(true)
})

test('rejects on time even where the function ignores its signal; what is inside stays occupied until it ends', async () => {
  const world = virtualWorld()
  const places = bulkhead({ maxConcurrent: 1 })
  await given([timeout(100), places], world)
    .when(stubbornly(500, succeeds()))
    .thenExpect({ error: TimeoutError, elapsed: 100 })
  expect(places.inFlight).toBe(1)
  await world.advance(400)
  expect(places.inFlight).toBe(0)
})

test('a policy outside of the timeout is free again at once', async () => {
  const places = bulkhead({ maxConcurrent: 1 })
  await given([places, timeout(100)])
    .when(stubbornly(500, succeeds()))
    .thenExpect({ error: TimeoutError })
  expect(places.inFlight).toBe(0)
})

test('with abandon: false it waits for the function to end', async () => {
  const policy = timeout({ limit: 100, abandon: false })
  await given([policy]).when(stubbornly(500, fails())).thenExpect({ error: TimeoutError, elapsed: 500 })
  await given([policy])
    .when(stubbornly(500, succeeds('late')))
    .thenExpect({ result: 'late', elapsed: 500 })
  await given([policy]).when(hangs()).thenExpect({ error: TimeoutError, elapsed: 100 })
})

test('tells the function how long there is left', async () => {
  const world = virtualWorld()
  const { calls } = await given([timeout(1_000), timeout(100)], world)
    .when(succeeds())
    .report()
  expect(calls[0]?.context.deadline).toBe(world.epoch() + 100)
})

test('the outer of two wins when it is shorter', async () => {
  const { error } = await given([timeout({ limit: 50, name: 'outer' }), timeout({ limit: 100, name: 'inner' })])
    .when(hangs())
    .thenExpect({ elapsed: 50 })
  expect(error).toMatchObject({ policy: 'outer' })
})

test('no timer is left, however many calls there were', async () => {
  const world = virtualWorld()
  const subject = pipeline('many', [timeout(100)], { world })
  for (let call = 0; call < 1_000; call++) await subject.execute(script(world, succeeds()))
  expect(world.pending).toBeLessThanOrEqual(1)
})

test('Infinity: no limit, and no timer', async () => {
  const world = virtualWorld()
  await given([timeout(Number.POSITIVE_INFINITY)], world)
    .when(succeeds('ok'))
    .thenExpect({ result: 'ok' })
  expect(world.pending).toBe(0)
})

test('a new limit holds for the calls that follow', async () => {
  const policy = timeout(100)
  const subject = given([policy])
  await subject.when(hangs()).thenExpect({ error: TimeoutError, elapsed: 100 })
  policy.reconfigure({ limit: 30 })
  await subject.when(hangs()).thenExpect({ error: TimeoutError, elapsed: 30 })
})

test('many calls of one limit each get their own time', async () => {
  const world = virtualWorld()
  const subject = pipeline('many', [timeout(100)], { world })
  const ends: number[] = []
  for (let call = 0; call < 5; call++) {
    subject.execute(script(world, hangs())).catch(() => ends.push(world.now()))
    await world.advance(30)
  }
  await world.advance(200)
  expect(ends).toEqual([100, 130, 160, 190, 220])
})

test('counts the calls that it ended, and tells of each with its limit', async () => {
  const policy = timeout({ limit: 30, name: 'patience' })
  const subject = given([policy])
  const { events } = await subject.when(hangs()).report()
  await subject.when(hangs()).report()
  await subject.when(succeeds()).report()
  expect(events[0]).toEqual({ type: 'timeout', pipeline: 'given', policy: 'patience', limit: 30 })
  expect(policy.metrics()).toEqual({ timeouts: 2, limit: 30 })
})

test('a second attempt may take as long as the first, however little the first left over', async () => {
  const world = virtualWorld()
  const start = world.epoch()
  const { calls } = await given([timeout(1_000), retry({ backoff: constant(100), maxAttempts: 2 }), timeout(50)], world)
    .when(hangs(), after(10, succeeds()))
    .report()
  expect(calls[0]?.context.deadline).toBe(start + 50)
  expect(calls[1]?.context.deadline).toBe(start + 150 + 50)
})

test('a retry outside of a timeout plans by the time that is left to itself', async () => {
  const { events } = await given([timeout(1_000), retry({ backoff: constant(600), maxAttempts: 3 }), timeout(50)])
    .when(hangs(), succeeds('second'))
    .thenExpect({ result: 'second', elapsed: 650 })
  expect(events.map(({ type }) => type)).toEqual(['timeout', 'retry', 'execution'])
})

test('a call that fails by itself before the time is up keeps its own error', async () => {
  const error = new Error('own')
  const policy = timeout(50)
  await given([policy])
    .when(after(49, fails(error)))
    .thenExpect({ error, elapsed: 49, events: [] })
  expect(policy.metrics()).toMatchObject({ timeouts: 0 })
})

test('what ends a call from further out is not counted as a timeout of this one', async () => {
  const [outer, inner] = [timeout({ limit: 50, name: 'outer' }), timeout({ limit: 50, abandon: false, name: 'inner' })]
  const { error } = await given([outer, inner]).when(stubbornly(100, fails())).thenExpect({ elapsed: 50 })
  expect(error).toMatchObject({ policy: 'outer' })
  expect([outer.metrics().timeouts, inner.metrics().timeouts]).toEqual([1, 0])
})

test('wants a limit, and keeps it where it is reconfigured', () => {
  expect(() => timeout(JSON.parse('{}'))).toThrow('timeout: limit must be given: a number of milliseconds')
  expect(() => timeout(JSON.parse('null'))).toThrow('timeout: the options are null, but must be an object')
  const policy = timeout(5)
  policy.reconfigure({ abandon: false })
  expect([policy.limit, policy.abandon]).toEqual([5, false])
  expect(() => policy.reconfigure({ limit: 0 })).toThrow(/^timeout: limit is 0/)
  expect(policy.limit).toBe(5)
  expect(() => timeout({ limit: 5, abandon: JSON.parse('1') })).toThrow('abandon is 1, but must be true or false')
})

test('of two that wait for a function to end, the outer one is the reason, and counts', async () => {
  const [outer, inner] = [
    timeout({ limit: 50, abandon: false, name: 'outer' }),
    timeout({ limit: 30, abandon: false, name: 'inner' }),
  ]
  const { error } = await given([outer, inner])
    .when(stubbornly(80, fails()))
    .thenExpect({ elapsed: 80, events: ['timeout'] })
  expect(error).toMatchObject({ policy: 'outer' })
  expect([outer.metrics().timeouts, inner.metrics().timeouts]).toEqual([1, 0])
})

test('one that waits for the function to end says nothing once a timeout further out has given it up', async () => {
  const inner = timeout({ limit: 30, abandon: false })
  const subject = given([timeout(50), inner])
  await subject.when(stubbornly(80, fails())).thenExpect({ elapsed: 50, events: ['timeout'] })
  await subject.world.advance(100)
  expect(inner.metrics()).toMatchObject({ timeouts: 0 })
})

test('it is the callee’s failure, not the caller’s doing', async () => {
  const breaker = circuitBreaker()
  await given([timeout(50), breaker])
    .when(hangs())
    .report()
  expect(breaker.metrics()).toMatchObject({ failures: 1 })
})

test('its kind', () => {
  expect(timeout(5).kind).toBe('timeout')
})

test('whether it abandons can be changed too', async () => {
  const policy = timeout(50)
  policy.reconfigure({ abandon: false })
  await given([policy]).when(stubbornly(80, fails())).thenExpect({ error: TimeoutError, elapsed: 80 })
  expect(policy.limit).toBe(50)
})
