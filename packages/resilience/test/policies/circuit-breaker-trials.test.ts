import { expect, test } from 'vitest'
import { type CircuitBreakerOptions, circuitBreaker, pipeline, timeout } from '../../src/index.ts'
import {
  after,
  fails,
  given,
  hangs,
  type Step,
  script,
  stubbornly,
  succeeds,
  times,
  virtualWorld,
} from '../../src/testing/index.ts'

/** A breaker that has been open and lets trial calls in. */
async function halfOpen(options: CircuitBreakerOptions) {
  const world = virtualWorld()
  const kind = options.windowCalls === undefined ? { consecutiveFailures: 1 } : {}
  const breaker = circuitBreaker({ openFor: 100, ...kind, ...options })
  const subject = pipeline('trials', [breaker], { world })
  const start = (step: Step, signal?: AbortSignal) => subject.execute(script(world, step), { signal }).catch(() => {})
  const call = (step: Step) => world.until(start(step))
  for (const step of times(10, fails())) if (breaker.state === 'closed') await call(step)
  await world.advance(100)
  return { world, breaker, start, call }
}

test('one failed trial call of several is tolerated where the rate tolerates it', async () => {
  const rules = { windowCalls: 10, minimumCalls: 1, failureRate: 0.5, halfOpenCalls: 4 }
  const tolerant = await halfOpen(rules)
  for (const step of [fails(), succeeds(), succeeds()]) await tolerant.call(step)
  expect(tolerant.breaker.state).toBe('half-open')
  await tolerant.call(succeeds())
  expect(tolerant.breaker.state).toBe('closed')
  const strict = await halfOpen(rules)
  for (const step of [fails(), fails()]) await strict.call(step)
  expect(strict.breaker.state).toBe('open')
})

test('trial calls that have passed keep their places', async () => {
  const { world, breaker, start, call } = await halfOpen({ windowCalls: 10, minimumCalls: 1, halfOpenCalls: 2 })
  await call(succeeds())
  const last = start(after(10, succeeds()))
  await start(succeeds())
  expect(breaker.metrics()).toMatchObject({ state: 'half-open', rejections: 1 })
  await world.until(last)
  expect(breaker.state).toBe('closed')
})

test('a trial call sets no timer where no call is slow', async () => {
  const { world, start } = await halfOpen({})
  void start(hangs())
  await world.advance(0)
  expect(world.pending).toBe(0)
})

test('where failures in a row count, it takes all trial calls to fail', async () => {
  const { breaker, call } = await halfOpen({ halfOpenCalls: 2 })
  await call(fails())
  expect(breaker.state).toBe('half-open')
  await call(fails())
  expect(breaker.state).toBe('open')
})

test('a trial call that was cancelled, or turned away further in, gives its place back', async () => {
  const { breaker, start, call, world } = await halfOpen({})
  const cancel = new AbortController()
  const trial = start(hangs(), cancel.signal)
  await world.advance(0)
  cancel.abort('enough')
  await trial
  expect(breaker.state).toBe('half-open')
  await call(succeeds())
  expect(breaker.state).toBe('closed')
})

test('a call of before the break that is cancelled while half-open frees no trial’s place', async () => {
  const world = virtualWorld()
  const breaker = circuitBreaker({ consecutiveFailures: 1, openFor: 100 })
  const subject = pipeline('stale', [breaker], { world })
  const cancel = new AbortController()
  const old = subject.execute(script(world, hangs()), { signal: cancel.signal }).catch((reason) => reason)
  await subject.execute(script(world, fails())).catch(() => {})
  await world.advance(100)
  const trial = subject.execute(script(world, after(50, succeeds())))
  await world.advance(10)
  cancel.abort('enough')
  expect(await old).toBe('enough')
  await expect(subject.execute(() => 1)).rejects.toMatchObject({ code: 'CIRCUIT_OPEN' })
  await world.until(trial)
  expect(breaker.state).toBe('closed')
})

test('a snapshot while a trial call is under way is of a break that is over', async () => {
  const { world, breaker, start } = await halfOpen({})
  void start(hangs())
  await world.advance(5)
  expect(breaker.circuit.state).toBe('half-open')
  expect(breaker.snapshot()).toEqual({ state: 'open', openings: 1, openUntil: world.epoch() })
})

test('a trial call that gets slow has failed at that moment', async () => {
  const { breaker, start, world } = await halfOpen({
    windowCalls: 10,
    minimumCalls: 1,
    slowCall: 30,
  })
  const trial = start(after(60, succeeds()))
  await world.advance(29)
  expect(breaker.state).toBe('half-open')
  await world.advance(1)
  expect(breaker.state).toBe('open')
  await world.until(trial)
  expect(breaker.state).toBe('open')
})

test('where failures in a row count, a slow trial call is a good one', async () => {
  const { breaker, start, world } = await halfOpen({ slowCall: 30 })
  const trial = start(after(60, succeeds()))
  await world.advance(30)
  expect(breaker.state).toBe('closed')
  await world.until(trial)
})

test('a slow call that fails later opens the circuit for its failure', async () => {
  const world = virtualWorld()
  const breaker = circuitBreaker({ slowCall: 10, slowCallRate: 1, failureRate: 0.5, minimumCalls: 2 })
  const subject = pipeline('late', [breaker], { world })
  await subject.execute(() => 1)
  const call = subject.execute(script(world, after(50, fails()))).catch(() => {})
  await world.advance(49)
  expect(breaker.state).toBe('closed')
  await world.until(call)
  expect(breaker.state).toBe('open')
})

test('a slow call that fails after the circuit was closed by hand counts no more', async () => {
  const world = virtualWorld()
  const breaker = circuitBreaker({ slowCall: 10, minimumCalls: 1, slowCallRate: 0.9 })
  const subject = pipeline('late', [breaker], { world })
  const call = subject.execute(script(world, after(50, fails()))).catch(() => {})
  await world.advance(20)
  expect(breaker.state).toBe('open')
  breaker.close()
  await world.until(call)
  expect(breaker.state).toBe('closed')
  expect(breaker.circuit.health.read(world.now())).toMatchObject({ calls: 0, failures: 0 })
})

test('a slow trial call that is cancelled has its place counted once', async () => {
  const { breaker, start, world } = await halfOpen({
    windowCalls: 10,
    minimumCalls: 1,
    slowCall: 30,
    halfOpenCalls: 4,
  })
  const cancel = new AbortController()
  const trial = start(hangs(), cancel.signal)
  await world.advance(40)
  cancel.abort('enough')
  await trial
  expect(breaker.state).toBe('half-open')
  const more = [1, 2, 3, 4].map(() => start(after(10, succeeds())))
  await world.until(Promise.all(more))
  expect(breaker.metrics()).toMatchObject({ rejections: 1, state: 'closed' })
})

test('a call that was given up further out counts when it ends, as what it came to', async () => {
  const breaker = circuitBreaker({ consecutiveFailures: 1 })
  const subject = given([timeout(50), breaker])
  await subject.when(stubbornly(80, succeeds())).report()
  await subject.world.advance(30)
  expect(breaker.metrics()).toMatchObject({ successes: 1, failures: 0, state: 'closed' })
})

test('no timer is left for calls that were not slow', async () => {
  const world = virtualWorld()
  const breaker = circuitBreaker({ slowCall: 50 })
  const subject = given([breaker], world)
  for (const step of [succeeds(), fails()]) await subject.when(step).report()
  await world.advance(100)
  expect(world.pending).toBe(0)
  expect(breaker.metrics()).toMatchObject({ slow: 0 })
})

test('restored, it stays open for the rest of its break and goes on counting how often it has opened', async () => {
  const openFor = ({ attempt }: { attempt: number }) => attempt * 1_000
  const options = { consecutiveFailures: 1, openFor }
  const { breaker: before, call, world } = await halfOpen({ openFor: ({ attempt }) => (attempt === 1 ? 100 : 700) })
  await call(fails())
  await world.advance(300)
  expect(before.snapshot()).toEqual({ state: 'open', openings: 2, openUntil: world.epoch() + 400 })
  const restored = circuitBreaker(options)
  const next = given([restored], world)
  restored.restore(before.snapshot())
  await world.advance(399)
  expect(restored.state).toBe('open')
  await world.advance(1)
  expect(restored.state).toBe('half-open')
  await next.when(fails()).report()
  await world.advance(2_999)
  expect(restored.state).toBe('open')
  await world.advance(1)
  expect(restored.state).toBe('half-open')
})

test('a snapshot of a half-open circuit is of a break that is over', async () => {
  const { breaker, world } = await halfOpen({})
  expect(breaker.snapshot()).toEqual({ state: 'open', openings: 1, openUntil: world.epoch() })
  const other = circuitBreaker()
  pipeline('other', [other], { world })
  other.restore(breaker.snapshot())
  expect(other.state).toBe('half-open')
})

test('no break that is restored is longer than it would be by the options of now', async () => {
  const { world } = await halfOpen({})
  const breaker = circuitBreaker({ openFor: 1_000 })
  pipeline('clocks', [breaker], { world })
  breaker.restore({ state: 'open', openings: 1, openUntil: world.epoch() + 86_400_000 })
  await world.advance(999)
  expect(breaker.state).toBe('open')
  await world.advance(1)
  expect(breaker.state).toBe('half-open')
})

test('a snapshot of a circuit that is not open says so, and restores to nothing', async () => {
  const breaker = circuitBreaker()
  expect(breaker.snapshot()).toEqual({ state: 'closed', openings: 0, openUntil: 0 })
  const other = circuitBreaker()
  other.restore(breaker.snapshot())
  expect([other.state, other.circuit.generation]).toEqual(['closed', 0])
  const isolated = circuitBreaker()
  isolated.isolate()
  expect(isolated.snapshot()).toEqual({ state: 'closed', openings: 0, openUntil: 0 })
})

test.each([
  [null, "the snapshot's state is undefined"],
  [{ state: 'open', openings: -1, openUntil: 0 }, "the snapshot's openings is -1"],
  [{ state: 'open', openings: 1 }, "the snapshot's openUntil is undefined, but must be a number of at least 0"],
])('a snapshot of %j is refused', (snapshot, message) => {
  const breaker = circuitBreaker()
  expect(() => breaker.restore(snapshot)).toThrow(message)
  expect(() => breaker.restore(snapshot)).toThrow(/^circuitBreaker: /)
  expect(breaker.state).toBe('closed')
})

test('restored, it tells of it', async () => {
  const breaker = circuitBreaker()
  const heard: unknown[] = []
  pipeline('restored', [breaker]).subscribe((event) => heard.push(event))
  breaker.restore({ state: 'open', openings: 1, openUntil: Date.now() + 60_000 })
  expect(heard).toMatchObject([{ type: 'state', from: 'closed', to: 'open', reason: 'restored from a snapshot' }])
})
