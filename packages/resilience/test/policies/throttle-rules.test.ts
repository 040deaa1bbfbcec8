import { expect, test } from 'vitest'
import { bulkhead, circuitBreaker, pipeline, type ThrottleOptions, throttle, timeout } from '../../src/index.ts'
import { fails, given, hangs, script, stubbornly, succeeds, times, virtualWorld } from '../../src/testing/index.ts'

/** A world in which chance never holds a call back. */
function luckyWorld() {
  return Object.assign(virtualWorld(), { random: () => 0.999_999 })
}

function setUp(options: ThrottleOptions = {}) {
  const world = luckyWorld()
  const policy = throttle(options)
  return { world, policy, subject: given([policy], world) }
}

test('holds back the share that the formula says: (requests − 2 × accepts) / (requests + 1)', async () => {
  const { policy, subject } = setUp()
  expect(policy.load).toBe(0)
  for (const step of [succeeds(), fails(), fails(), fails()]) await subject.when(step).report()
  expect(policy.load).toBe((4 - 2 * 1) / (4 + 1))
  policy.reconfigure({ overload: 3 })
  expect(policy.load).toBe((4 - 3 * 1) / (4 + 1))
  policy.reconfigure({ overload: 4 })
  expect(policy.load).toBe(0)
  expect(policy.metrics()).toEqual({ rejections: 0, share: 0 })
})

test('calls that it holds back itself are requests too', async () => {
  const { world, policy, subject } = setUp()
  for (const step of times(3, fails())) await subject.when(step).report()
  Object.assign(world, { random: () => 0 })
  const before = policy.load
  await subject.when(succeeds()).thenExpect({ error: 'THROTTLED', attempts: 0 })
  expect(policy.load).toBeGreaterThan(before)
  expect(policy.metrics()).toMatchObject({ rejections: 1, share: policy.load })
})

test('chance decides: below the share a call is held back, at it and above it goes through', async () => {
  const { world, subject } = setUp()
  for (const step of times(3, fails())) await subject.when(step).report()
  Object.assign(world, { random: () => 3 / 4 })
  await subject.when(fails()).thenExpect({ attempts: 1 })
  Object.assign(world, { random: () => 4 / 5 - 1e-9 })
  await subject.when(fails()).thenExpect({ attempts: 0 })
})

test('while nothing is held back chance is not asked', async () => {
  const world = Object.assign(virtualWorld(), { random: () => Number.NEGATIVE_INFINITY })
  await given([throttle()], world).when(succeeds()).thenExpect({ result: 'ok' })
})

test('a rejection tells which share is held back, in its error and its event', async () => {
  const { world, subject } = setUp({ name: 'gentle' })
  for (const step of times(3, fails())) await subject.when(step).report()
  Object.assign(world, { random: () => 0 })
  const { error, events } = await subject.when(succeeds()).report()
  expect(error).toMatchObject({ code: 'THROTTLED', pipeline: 'given', policy: 'gentle' })
  expect(error).toHaveProperty('message', 'given: 75 % of calls are held back while the callee recovers (gentle)')
  expect(events[0]).toEqual({ type: 'rejection', pipeline: 'given', policy: 'gentle', error })
})

test('counts the calls of two minutes unless told otherwise', async () => {
  for (const [options, window] of [
    [{}, 120_000],
    [{ window: 1_000 }, 1_000],
  ] as const) {
    const { world, policy, subject } = setUp(options)
    for (const step of times(3, fails())) await subject.when(step).report()
    await subject.when(succeeds()).report()
    await world.advance(window * 0.9 - 1)
    expect(policy.load).toBe((4 - 2) / 5)
    await world.advance(window * 0.1 + 1)
    expect(policy.load).toBe(0)
  }
})

test('what says nothing about the callee counts as accepted', async () => {
  const { world, policy, subject } = setUp()
  await subject.when(hangs()).report({ deadline: world.epoch() + 10 })
  const isolated = circuitBreaker()
  isolated.isolate()
  const further = pipeline('further', [policy, isolated], { world })
  await further.execute(() => 1).catch(() => {})
  expect(policy.load).toBe(0)
  for (const step of times(4, fails())) await subject.when(step).report()
  expect(policy.load).toBe((6 - 2 * 2) / 7)
})

test('a rejection by another pipeline further in is no refusal of the callee', async () => {
  const { policy, subject } = setUp({ handleError: () => true })
  const isolated = circuitBreaker()
  isolated.isolate()
  const inner = pipeline('inner', [isolated])
  for (const _ of [1, 2, 3]) await subject.when(() => inner.execute(() => 1)).report()
  expect(policy.load).toBe(0)
})

test('a call that never got to the callee counts as accepted, whatever became of it', async () => {
  const world = luckyWorld()
  const policy = throttle()
  const places = bulkhead({ maxConcurrent: 1, maxQueued: 1 })
  const subject = pipeline('queued', [timeout(20), policy, places], { world })
  void pipeline('other', [places], { world }).execute(script(world, stubbornly(100, succeeds())))
  await expect(world.until(subject.execute(script(world, succeeds())))).rejects.toMatchObject({ code: 'TIMEOUT' })
  expect(policy.load).toBe(0)
  expect(policy.metrics()).toEqual({ rejections: 0, share: 0 })
  for (const _ of [1, 2]) await given([policy], world).when(fails()).report()
  expect(policy.load).toBe((3 - 2) / 4)
})

test('a call that was given up from further out counts once, when it has ended', async () => {
  const world = luckyWorld()
  const policy = throttle()
  const subject = pipeline('slow', [timeout(20), policy], { world })
  await world.until(subject.execute(script(world, stubbornly(50, fails()))).catch(() => {}))
  expect(policy.load).toBe(1 / 2)
  await world.advance(100)
  expect(policy.load).toBe(1 / 2)
})

test('handleError and handleResult say what a refusal is', async () => {
  const { policy, subject } = setUp({ handleError: (error) => error === 'busy', handleResult: (r) => r === 503 })
  for (const step of [fails('other'), succeeds(200)]) await subject.when(step).report()
  expect(policy.load).toBe(0)
  for (const step of [fails('busy'), succeeds(503), fails('busy')]) await subject.when(step).report()
  expect(policy.load).toBe((5 - 2 * 2) / 6)
})

test.each<[ThrottleOptions, string]>([
  [{ overload: 0.9 }, 'overload is 0.9, but must be a number of at least 1'],
  [{ window: 0 }, 'window is 0'],
  [{ handleError: JSON.parse('1') }, 'handleError is 1'],
  [{ handleResult: JSON.parse('1') }, 'handleResult is 1'],
])('%j: %s', (options, message) => {
  expect(() => throttle(options)).toThrow(message)
  expect(() => throttle(options)).toThrow(/^throttle: /)
})

test('reconfigure checks, and keeps what it is not given', async () => {
  const { policy, subject } = setUp({ overload: 1, handleError: (error) => error === 'busy' })
  expect(() => policy.reconfigure({ overload: 0 })).toThrow('throttle: overload is 0')
  policy.reconfigure({ overload: 2 })
  for (const step of [fails('other'), fails('busy')]) await subject.when(step).report()
  expect(policy.load).toBe(0)
  expect([policy.kind, policy.name]).toEqual(['throttle', 'throttle'])
})

test('a snapshot has both what was sent and what was accepted', async () => {
  const { policy, subject } = setUp()
  for (const step of [succeeds(), fails(), fails(), fails()]) await subject.when(step).report()
  const again = setUp()
  again.policy.restore(JSON.parse(JSON.stringify(policy.snapshot())))
  expect(again.policy.load).toBe((4 - 2 * 1) / (4 + 1))
})
