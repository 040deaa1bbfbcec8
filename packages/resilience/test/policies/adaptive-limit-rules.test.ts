import { expect, test } from 'vitest'
import { type AdaptiveLimitOptions, adaptiveLimit, circuitBreaker, pipeline, timeout } from '../../src/index.ts'
import {
  after,
  fails,
  given,
  hangs,
  type Step,
  script,
  stubbornly,
  succeeds,
  virtualWorld,
} from '../../src/testing/index.ts'

/** One that moves with each call: by one up, by a tenth down. */
function quick(options: AdaptiveLimitOptions = {}) {
  return adaptiveLimit({ algorithm: 'aimd', initial: 10, min: 1, ...options })
}

/** What the limit becomes after a call while the limit is in use. */
async function limitAfter(step: Step, options: AdaptiveLimitOptions = {}): Promise<number> {
  const policy = quick({ initial: 2, ...options })
  await given([policy]).when(step).report()
  return policy.limit
}

test('without options: twenty at first, five at least, two hundred at most', () => {
  const policy = adaptiveLimit()
  expect(policy.metrics()).toEqual({ limit: 20, inFlight: 0, rejections: 0 })
  policy.restore({ limit: 1 })
  expect(policy.limit).toBe(5)
  policy.restore({ limit: 10_000 })
  expect(policy.limit).toBe(200)
  expect([adaptiveLimit({ initial: 1 }).limit, adaptiveLimit({ initial: 300 }).limit]).toEqual([5, 200])
})

test('without options it watches durations: a step of ten calls and 200 ms moves it by 0.8', async () => {
  const world = virtualWorld()
  const policy = adaptiveLimit()
  const subject = pipeline('adaptive', [policy], { world })
  const run = script(world, after(200, succeeds()))
  await world.until(Promise.all(Array.from({ length: 20 }, () => subject.execute(run))))
  expect(policy.snapshot()).toMatchObject({ limit: 20 })
  await world.until(Promise.all(Array.from({ length: 20 }, () => subject.execute(run))))
  expect(policy.snapshot()).toMatchObject({ limit: 20 * 0.8 + 24 * 0.2 })
})

test('aimd: 5 s is slow and a drop costs a tenth unless told otherwise', async () => {
  expect(await limitAfter(after(5_000, succeeds()))).toBe(3)
  expect(await limitAfter(after(5_001, succeeds()))).toBe(1)
  const policy = quick({ initial: 100 })
  await given([policy, timeout(10)])
    .when(hangs())
    .report()
  expect(policy.snapshot()).toMatchObject({ limit: 90 })
})

test('tells of each whole step that it moves, up or down', async () => {
  const policy = quick({ initial: 2, name: 'learner' })
  const subject = given([policy])
  const { events } = await subject.when(succeeds()).report()
  expect(events[0]).toEqual({ type: 'limit', pipeline: 'given', policy: 'learner', from: 2, to: 3 })
  policy.restore({ limit: 3.9 })
  expect(policy.limit).toBe(3)
  await subject.when(after(5_001, succeeds())).thenExpect({ events: [] })
  expect(policy.snapshot()).toMatchObject({ limit: 3.9 * 0.9 })
})

test('a rejection tells the limit, in its error, its event and its count', async () => {
  const world = virtualWorld()
  const policy = adaptiveLimit({ initial: 1, min: 1, name: 'learner' })
  const subject = pipeline('full', [policy], { world })
  const events: unknown[] = []
  subject.subscribe((event) => event.type === 'rejection' && events.push(event))
  const first = subject.execute(script(world, after(10, succeeds())))
  expect([policy.inFlight, policy.load]).toEqual([1, 1])
  const error: unknown = await subject.execute(() => 1).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'LIMIT_REACHED', pipeline: 'full', policy: 'learner' })
  expect(error).toHaveProperty('message', 'full: the limit of 1 calls in flight is reached (learner)')
  expect(events).toEqual([{ type: 'rejection', pipeline: 'full', policy: 'learner', error }])
  expect(policy.metrics()).toMatchObject({ rejections: 1 })
  await world.until(first)
  expect([policy.inFlight, policy.load]).toEqual([0, 0])
})

test('a timeout further in is a drop, another failure is as good as a success', async () => {
  const policy = quick({ initial: 2 })
  const subject = given([policy, timeout(50)])
  await subject.when(fails()).report()
  expect(policy.limit).toBe(3)
  await subject.when(hangs()).report()
  expect(policy.limit).toBe(2)
})

test('handleError and handleResult say what a drop is', async () => {
  const options: AdaptiveLimitOptions = {
    handleError: (error) => error === 'busy',
    handleResult: (result) => result === 503,
  }
  expect(await limitAfter(fails('busy'), options)).toBe(1)
  expect(await limitAfter(fails('other'), options)).toBe(3)
  expect(await limitAfter(succeeds(503), options)).toBe(1)
  expect(await limitAfter(succeeds(200), options)).toBe(3)
})

test('what was turned away further in, cancelled, or never started teaches nothing', async () => {
  const world = virtualWorld()
  const isolated = circuitBreaker()
  isolated.isolate()
  const policy = quick({ initial: 2 })
  const inner = pipeline('inner', [isolated])
  await given([policy, isolated], world).when(succeeds()).report()
  await given([policy], world)
    .when(() => inner.execute(() => 1))
    .report()
  await given([policy], world)
    .when(hangs())
    .report({ deadline: world.epoch() + 10_000 })
  await given([policy], world).when(succeeds()).report({ deadline: world.epoch() })
  expect(policy.snapshot()).toMatchObject({ limit: 2 })
})

test('what was turned away further in is a drop where handleError says so', async () => {
  const isolated = circuitBreaker()
  isolated.isolate()
  const inner = pipeline('inner', [isolated])
  expect(await limitAfter(() => inner.execute(() => 1), { handleError: () => true })).toBe(1)
})

test('a call that was given up further out holds its place until it ends, and teaches then', async () => {
  const policy = quick({ initial: 2 })
  const subject = given([timeout(50), policy])
  await subject.when(stubbornly(6_000, succeeds())).report()
  expect(policy.inFlight).toBe(1)
  await subject.world.advance(6_000)
  expect(policy.inFlight).toBe(0)
  expect(policy.limit).toBe(1)
})

test('keeps what was learnt when reconfigured, within the new bounds', async () => {
  const policy = quick({ initial: 50 })
  policy.reconfigure({ slowCall: 100 })
  expect(policy.limit).toBe(50)
  policy.reconfigure({ min: 60 })
  expect(policy.limit).toBe(60)
  policy.reconfigure({ min: 1, max: 20 })
  expect(policy.limit).toBe(20)
  await given([policy]).when(after(101, succeeds())).report()
  expect(policy.limit).toBe(18)
})

test('a mistake when it is reconfigured changes nothing', async () => {
  const policy = quick({ initial: 50 })
  expect(() => policy.reconfigure({ min: 300 })).toThrow('max is 200, but must not be below min, 300')
  expect(() => policy.reconfigure({ decrease: 2 })).toThrow('decrease is 2')
  policy.reconfigure({})
  expect(policy.limit).toBe(50)
  expect(policy.snapshot()).toMatchObject({ limit: 50 })
})

test('min and max may be the same', () => {
  expect(adaptiveLimit({ min: 7, max: 7 }).limit).toBe(7)
  expect(() => adaptiveLimit({ min: 8, max: 7 })).toThrow(
    expect.objectContaining({ policy: 'adaptiveLimit', option: 'max' }),
  )
})

test.each<[AdaptiveLimitOptions, string]>([
  [{ algorithm: JSON.parse('"vegas"') }, "algorithm is 'vegas', but must be one of 'gradient', 'aimd'"],
  [{ initial: 0 }, 'initial is 0'],
  [{ min: 0 }, 'min is 0'],
  [{ max: 0 }, 'max is 0'],
  [{ smoothing: 0 }, 'smoothing is 0'],
  [{ tolerance: 0.9 }, 'tolerance is 0.9'],
  [{ queueSize: -1 }, 'queueSize is -1'],
  [{ sampleWindow: -1 }, 'sampleWindow is -1'],
  [{ longWindow: 0 }, 'longWindow is 0'],
  [{ decrease: 0 }, 'decrease is 0'],
  [{ slowCall: 0 }, 'slowCall is 0'],
  [{ handleError: JSON.parse('1') }, 'handleError is 1'],
  [{ handleResult: JSON.parse('1') }, 'handleResult is 1'],
])('%j: %s', (options, message) => {
  expect(() => adaptiveLimit(options)).toThrow(message)
  expect(() => adaptiveLimit(options)).toThrow(/^adaptiveLimit: /)
})

test('a snapshot that is none is refused, by name', () => {
  const policy = adaptiveLimit()
  expect(() => policy.restore({ limit: 0 })).toThrow(/^adaptiveLimit: the snapshot's limit is 0/)
  expect([policy.kind, policy.name]).toEqual(['adaptiveLimit', 'adaptiveLimit'])
})
