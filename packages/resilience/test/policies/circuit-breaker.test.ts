import { expect, test } from 'vitest'
import { bulkhead, CircuitOpenError, circuitBreaker, exponential, pipeline, timeout } from '../../src/index.ts'
import { CountWindow } from '../../src/policies/circuit-breaker/health/count-window.ts'
import { after, fails, given, hangs, script, succeeds, virtualWorld } from '../../src/testing/index.ts'

test('opens at the failure rate, not before enough calls were counted', async () => {
  const breaker = circuitBreaker({ failureRate: 0.5, minimumCalls: 4, openFor: 1_000 })
  const subject = given([breaker])
  for (const step of [fails(), fails(), succeeds()]) await subject.when(step).report()
  expect(breaker.state).toBe('closed')
  await subject.when(fails()).report()
  expect(breaker.state).toBe('open')
  const { error } = await subject.when(succeeds()).thenExpect({ error: CircuitOpenError, attempts: 0, elapsed: 0 })
  expect(error).toMatchObject({ pipeline: 'given', policy: 'circuitBreaker', retryAfter: 1_000 })
})

test('forgets failures that the window has left', async () => {
  const breaker = circuitBreaker({ minimumCalls: 2, window: 1_000 })
  const subject = given([breaker])
  await subject.when(fails()).report()
  await subject.world.advance(1_200)
  await subject.when(fails()).report()
  expect(breaker.state).toBe('closed')
})

test('counts the latest calls where windowCalls is given', async () => {
  const breaker = circuitBreaker({ windowCalls: 4, minimumCalls: 4, failureRate: 0.75 })
  const subject = given([breaker])
  for (const step of [fails(), fails(), succeeds(), succeeds(), fails(), fails()]) await subject.when(step).report()
  expect(breaker.state).toBe('closed')
  await subject.when(fails()).report()
  expect(breaker.state).toBe('open')
})

test('counts failures in a row where consecutiveFailures is given', async () => {
  const breaker = circuitBreaker({ consecutiveFailures: 3 })
  const subject = given([breaker])
  for (const step of [fails(), fails(), succeeds(), fails(), fails()]) await subject.when(step).report()
  expect(breaker.state).toBe('closed')
  await subject.when(fails()).report()
  expect(breaker.state).toBe('open')
})

test('after the break a trial call decides', async () => {
  const breaker = circuitBreaker({ consecutiveFailures: 1, openFor: 1_000 })
  const subject = given([breaker])
  await subject.when(fails()).thenExpect({ events: ['state'] })
  await subject.world.advance(1_000)
  expect(breaker.state).toBe('half-open')
  await subject.when(fails()).thenExpect({ attempts: 1, events: ['state', 'state'] })
  expect(breaker.state).toBe('open')
  await subject.world.advance(1_000)
  await subject.when(succeeds()).thenExpect({ attempts: 1, events: ['state', 'state'] })
  expect(breaker.state).toBe('closed')
})

test('lets no more trial calls in than allowed, and nobody waits', async () => {
  const world = virtualWorld()
  const breaker = circuitBreaker({ consecutiveFailures: 1, openFor: 1_000, halfOpenCalls: 2 })
  const subject = pipeline('trial', [breaker], { world })
  await subject.execute(script(world, fails())).catch(() => {})
  await world.advance(1_000)
  const slow = script(world, after(100, succeeds()))
  const trials = [subject.execute(slow), subject.execute(slow)]
  await expect(subject.execute(slow)).rejects.toMatchObject({ code: 'CIRCUIT_OPEN', retryAfter: undefined })
  await world.until(Promise.all(trials))
  expect(breaker.state).toBe('closed')
})

test('each further break may be longer', async () => {
  const openFor = exponential({ initial: 1_000, factor: 2, max: 3_000, jitter: 'none' })
  const breaker = circuitBreaker({ consecutiveFailures: 1, openFor })
  const subject = given([breaker])
  for (const pause of [1_000, 2_000, 3_000, 3_000]) {
    await subject.when(fails()).report()
    await subject.world.advance(pause - 1)
    expect(breaker.state).toBe('open')
    await subject.world.advance(1)
    expect(breaker.state).toBe('half-open')
  }
  await subject.when(succeeds()).report()
  await subject.when(fails()).report()
  await subject.world.advance(1_000)
  expect(breaker.state).toBe('half-open')
})

test('opens for slow calls while they are still in flight', async () => {
  const world = virtualWorld()
  const breaker = circuitBreaker({ slowCall: 100, slowCallRate: 0.5, minimumCalls: 2 })
  const subject = pipeline('slow', [breaker], { world })
  const hanging = [1, 2].map(() => subject.execute(script(world, after(10_000, succeeds()))))
  await world.advance(99)
  expect(breaker.state).toBe('closed')
  await world.advance(1)
  expect(breaker.state).toBe('open')
  await world.until(Promise.all(hanging))
  expect(breaker.metrics()).toMatchObject({ slow: 2, successes: 2 })
})

test('a slow call counts once, and as a failure too when it fails', async () => {
  const breaker = circuitBreaker({ slowCall: 100, slowCallRate: 1, failureRate: 0.5, minimumCalls: 3 })
  const subject = given([breaker])
  await subject.when(succeeds()).report()
  await subject.when(after(200, fails())).report()
  expect(breaker.circuit.health.read(subject.world.now())).toMatchObject({ calls: 2, failures: 1, slow: 1 })
})

test('does not count what was turned away further in, or cancelled, or never started', async () => {
  const world = virtualWorld()
  const breaker = circuitBreaker({ consecutiveFailures: 1 })
  const subject = pipeline('neutral', [timeout(50), breaker, bulkhead({ maxConcurrent: 1, maxQueued: 1 })], { world })
  const cancel = new AbortController()
  const first = subject.execute(script(world, hangs()), { signal: cancel.signal }).catch(() => 'cancelled')
  await world.advance(20)
  const queued = subject.execute(script(world, succeeds()), { signal: cancel.signal }).catch(() => 'cancelled')
  await expect(subject.execute(script(world, succeeds()))).rejects.toMatchObject({ code: 'BULKHEAD_FULL' })
  cancel.abort()
  expect(await world.until(Promise.all([first, queued]))).toEqual(['cancelled', 'cancelled'])
  expect(breaker.state).toBe('closed')
})

test('a timeout around it counts against the callee', async () => {
  const breaker = circuitBreaker({ consecutiveFailures: 1 })
  await given([timeout(50), breaker])
    .when(hangs())
    .report()
  expect(breaker.state).toBe('open')
})

test('handleError decides what is a failure', async () => {
  const breaker = circuitBreaker({ consecutiveFailures: 1, handleError: (error) => error === 'bad' })
  const subject = given([breaker])
  await subject.when(fails('not found')).report()
  expect(breaker.state).toBe('closed')
  await subject.when(fails('bad')).report()
  expect(breaker.state).toBe('open')
})

test('handleResult decides what is a failure', async () => {
  const breaker = circuitBreaker({ consecutiveFailures: 1, handleResult: (status) => status === 503 })
  const subject = given([breaker])
  await subject.when(succeeds(503)).thenExpect({ result: 503 })
  expect(breaker.state).toBe('open')
})

test('isolated and closed by hand', async () => {
  const breaker = circuitBreaker()
  const subject = given([breaker])
  breaker.isolate()
  await subject.world.advance(1_000_000)
  await subject.when(succeeds()).thenExpect({ error: CircuitOpenError })
  breaker.close()
  await subject.when(succeeds()).thenExpect({ result: 'ok' })
})

test('a snapshot brings an open circuit back; what was isolated by hand it does not', async () => {
  const options = { consecutiveFailures: 1, openFor: 1_000 }
  const before = circuitBreaker(options)
  const subject = given([before])
  await subject.when(fails()).report()
  const snapshot: unknown = JSON.parse(JSON.stringify(before.snapshot()))
  const restored = circuitBreaker(options)
  const next = given([restored])
  restored.restore(snapshot)
  expect(restored.state).toBe('open')
  await next.world.advance(1_000)
  expect(restored.state).toBe('half-open')
  before.isolate()
  expect(before.snapshot().state).toBe('closed')
  expect(() => restored.restore({ state: 'ajar' })).toThrow("state is 'ajar', but must be one of 'closed', 'open'")
})

test('new options keep the state and the counts', async () => {
  const breaker = circuitBreaker({ minimumCalls: 10, openFor: 1_000 })
  const subject = given([breaker])
  for (let call = 0; call < 4; call++) await subject.when(fails()).report()
  breaker.reconfigure({ minimumCalls: 5 })
  await subject.when(fails()).report()
  expect(breaker.state).toBe('open')
  breaker.reconfigure({ failureRate: 0.9 })
  expect(breaker.state).toBe('open')
})

test('one breaker in two pipelines has one state', async () => {
  const world = virtualWorld()
  const breaker = circuitBreaker({ consecutiveFailures: 1 })
  const reads = pipeline('reads', [breaker], { world })
  const writes = pipeline('writes', [breaker], { world })
  await reads.execute(script(world, fails())).catch(() => {})
  await expect(writes.execute(script(world, succeeds()))).rejects.toMatchObject({ pipeline: 'writes' })
})

test('the caller’s own deadline says nothing about the callee', async () => {
  const world = virtualWorld()
  const breaker = circuitBreaker({ consecutiveFailures: 1 })
  const subject = pipeline('deadline', [breaker], { world })
  await world.until(subject.execute(script(world, hangs()), { deadline: world.epoch() + 10 }).catch(() => {}))
  await subject.execute(script(world, hangs()), { deadline: world.epoch() }).catch(() => {})
  await world.advance(10)
  expect(breaker.state).toBe('closed')
  expect(breaker.metrics()).toMatchObject({ failures: 0 })
})

test('a slow call that fails after all is a failure in the place where it was counted', () => {
  const window = new CountWindow(3)
  window.record(0, false, true)
  window.record(0, false, false)
  window.recordLate()
  expect(window.read()).toEqual({ calls: 2, failures: 1, slow: 1, consecutiveFailures: 1 })
  for (const _ of [1, 2]) window.record(0, false, false)
  expect(window.read()).toMatchObject({ calls: 3, failures: 0, slow: 0 })
})
