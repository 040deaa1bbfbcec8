import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import {
  circuitBreaker,
  constant,
  DeadlineExceededError,
  InjectedError,
  inject,
  pipeline,
  type ResilienceEvent,
  retry,
  timeout,
} from '../../src/index.ts'
import { after, fails, hangs, type Step, script, stubbornly, succeeds, virtualWorld } from '../../src/testing/index.ts'

function setUp(policies: Parameters<typeof pipeline>[1] = []) {
  const world = virtualWorld()
  const subject = pipeline('caller', policies, { world })
  const events: ResilienceEvent[] = []
  const listen = () => subject.subscribe((event) => event.type === 'execution' && events.push(event))
  return { world, subject, events, listen }
}

test('tells of a call how it ended, how long it took and how many attempts it needed', async () => {
  const { world, subject, events, listen } = setUp([retry({ backoff: constant(100), maxAttempts: 2 })])
  listen()
  const error = new Error('down')
  await world.until(subject.execute(script(world, after(10, fails('first')), after(20, succeeds()))))
  await world.until(subject.execute(script(world, fails(error))).catch(() => {}))
  const common = { type: 'execution', pipeline: 'caller' }
  expect(events).toEqual([
    { ...common, outcome: 'success', duration: 130, attempts: 2, error: undefined },
    { ...common, outcome: 'failure', duration: 100, attempts: 2, error },
  ])
})

test.each<[string, Step, object, Parameters<typeof pipeline>[1]]>([
  ['successes', succeeds(), {}, []],
  ['failures', fails(), {}, []],
  ['failures', hangs(), { deadline: virtualWorld().epoch() + 10 }, []],
  ['failures', succeeds(), { deadline: virtualWorld().epoch() }, []],
  ['failures', hangs(), {}, [timeout(10)]],
  ['failures', succeeds(), {}, [inject({ error: true })]],
  ['failures', fails('cancelled'), { signal: new AbortController().signal }, []],
  ['cancellations', hangs(), { signal: AbortSignal.abort('cancelled') }, []],
])('counts under %s', async (counter, step, options, policies) => {
  const { world, subject, events, listen } = setUp(policies)
  await world.until(subject.execute(script(world, step), options).catch(() => {}))
  const nothing = { inFlight: 0, successes: 0, failures: 0, rejections: 0, cancellations: 0 }
  expect(subject.metrics().calls).toEqual({ ...nothing, [counter]: 1 })
  listen()
  await world.until(
    subject
      .execute(script(world, step), { ...options, ...('deadline' in options && { deadline: world.epoch() }) })
      .catch(() => {}),
  )
  const outcomes = { successes: 'success', failures: 'failure', rejections: 'rejected', cancellations: 'cancelled' }
  expect(events).toMatchObject([{ outcome: outcomes[counter as keyof typeof outcomes] }])
})

test('counts what a policy turned away as a rejection', async () => {
  const breaker = circuitBreaker()
  breaker.isolate()
  const { subject } = setUp([breaker])
  await subject.execute(() => 1).catch(() => {})
  expect(subject.metrics().calls).toMatchObject({ rejections: 1, failures: 0 })
})

test('a function that fails with its own error as the caller cancels was cancelled; one that failed before was not', async () => {
  const { world, subject } = setUp()
  const cancel = new AbortController()
  const call = subject.execute(script(world, stubbornly(20, fails('own'))), { signal: cancel.signal })
  await world.advance(10)
  cancel.abort('enough')
  await expect(call).rejects.toBe('enough')
  await world.advance(100)
  const late = new AbortController()
  await expect(subject.execute(script(world, fails('own')), { signal: late.signal })).rejects.toBe('own')
  late.abort('too late')
  expect(subject.metrics().calls).toMatchObject({ cancellations: 1, failures: 1 })
})

test('the deadline’s error names pipeline and deadline', async () => {
  const { world, subject } = setUp()
  const deadline = world.epoch() + 50
  const error: unknown = await world
    .until(subject.execute(script(world, hangs()), { deadline }))
    .catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(DeadlineExceededError)
  expect(error).toMatchObject({ pipeline: 'caller', policy: 'deadline', deadline })
})

test('a call that ends before its deadline leaves no timer, and no listener on the caller’s signal for it', async () => {
  const { world, subject } = setUp()
  const cancel = new AbortController()
  await subject.execute(() => 1, { deadline: world.epoch() + 1_000, signal: cancel.signal })
  expect(world.pending).toBe(0)
  expect(getEventListeners(cancel.signal, 'abort').length).toBe(1)
  await subject.execute(() => 1, { signal: cancel.signal })
  expect(getEventListeners(cancel.signal, 'abort').length).toBe(1)
})

test('one signal cancels all calls that follow it, once', async () => {
  const { world, subject } = setUp()
  const shutdown = new AbortController()
  const runs = [script(world, hangs()), script(world, hangs())]
  const calls = runs.map((run) => subject.execute(run, { signal: shutdown.signal }).catch((reason) => reason))
  await world.advance(10)
  expect(subject.inFlight).toBe(2)
  shutdown.abort('shutdown')
  expect(await Promise.all(calls)).toEqual(['shutdown', 'shutdown'])
  expect(subject.metrics().calls).toMatchObject({ inFlight: 0, cancellations: 2 })
})

test('the deadline of a call narrows what a timeout leaves, and the other way round', async () => {
  const { world, subject } = setUp([timeout(100)])
  const deadlines: unknown[] = []
  const run = ({ deadline }: { deadline: number | undefined }) => deadlines.push(deadline)
  await subject.execute(run, { deadline: world.epoch() + 50 })
  await subject.execute(run, { deadline: world.epoch() + 500 })
  await subject.execute(run)
  expect(deadlines).toEqual([50, 100, 100].map((left) => world.epoch() + left))
})

test('an injected error is a failure of the callee to whoever looks', async () => {
  const { subject } = setUp([inject({ error: true })])
  await expect(subject.execute(() => 1)).rejects.toBeInstanceOf(InjectedError)
  expect(subject.metrics().calls).toMatchObject({ failures: 1, rejections: 0 })
})
