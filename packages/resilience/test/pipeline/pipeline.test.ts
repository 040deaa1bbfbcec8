import { expect, test, vi } from 'vitest'
import {
  bulkhead,
  type CallContext,
  circuitBreaker,
  constant,
  type Policy,
  pipeline,
  type ResilienceEvent,
  retry,
  telemetry,
  timeout,
} from '../../src/index.ts'
import { fails, given, hangs, script, stubbornly, succeeds, virtualWorld } from '../../src/testing/index.ts'

test('returns what the function returns, be it a promise or not', async () => {
  const subject = pipeline('plain', [])
  expect(await subject.execute(() => 1)).toBe(1)
  expect(await subject.execute(async () => 2)).toBe(2)
  await expect(
    subject.execute(() => {
      throw new RangeError('sync')
    }),
  ).rejects.toThrow(RangeError)
})

test('waits for anything with a then, and returns an object whose then is no function', async () => {
  const subject = pipeline('thenable', [retry()])
  // biome-ignore lint/suspicious/noThenProperty: what a query builder returns
  const thenable: PromiseLike<number> = { then: (resolve) => Promise.resolve(5).then(resolve) }
  expect(await subject.execute(() => thenable)).toBe(5)
  // biome-ignore lint/suspicious/noThenProperty: the very point
  const plain = { then: 5 }
  expect(await subject.execute(() => plain)).toBe(plain)
})

test('wrap makes a function of the same arguments', async () => {
  const add = pipeline('wrapped', [retry()]).wrap((_context, a: number, b: number) => a + b)
  expect(await add(2, 3)).toBe(5)
})

test('policies run outermost first', async () => {
  const order: string[] = []
  const named = (name: string): Policy => ({
    kind: name,
    name,
    attach: () => ({ enter: () => order.push(`in ${name}`), exit: () => order.push(`out ${name}`) }),
  })
  const wrapping: Policy = {
    kind: 'wrap',
    name: 'wrap',
    attach: () => ({
      wrap: async (next) => {
        order.push('in wrap')
        const value = await next()
        order.push('out wrap')
        return value
      },
    }),
  }
  await pipeline('order', [named('a'), wrapping, named('b')]).execute(() => order.push('function'))
  expect(order).toEqual(['in a', 'in wrap', 'in b', 'function', 'out b', 'out wrap', 'out a'])
})

test('a call that is cancelled before it starts never reaches the function', async () => {
  const fn = vi.fn()
  const call = pipeline('cancelled', [retry()]).execute(fn, { signal: AbortSignal.abort('before') })
  await expect(call).rejects.toBe('before')
  expect(fn).not.toHaveBeenCalled()
})

test('cancelling rejects at once with the caller’s own reason, and aborts the function’s signal with it', async () => {
  const world = virtualWorld()
  const subject = pipeline('cancelled', [retry(), timeout(1_000)], { world })
  const run = script(world, stubbornly(500, succeeds()))
  const cancel = new AbortController()
  const reason = new Error('the user left')
  const call = subject.execute(run, { signal: cancel.signal })
  await world.advance(10)
  cancel.abort(reason)
  await expect(call).rejects.toBe(reason)
  expect(run.calls[0]?.context.signal.reason).toBe(reason)
  expect(subject.metrics().calls).toMatchObject({ cancellations: 1, failures: 0 })
})

test('after success the function’s signal still follows the caller’s: a body may be being read', async () => {
  const cancel = new AbortController()
  const subject = pipeline('body', [retry(), timeout(1_000)])
  const signal = await subject.execute((context) => context.signal, { signal: cancel.signal })
  expect(signal.aborted).toBe(false)
  cancel.abort('enough of it')
  expect(signal.reason).toBe('enough of it')
})

test('the deadline rejects when it has come, and before anything starts when it has passed', async () => {
  const world = virtualWorld()
  const subject = pipeline('deadline', [retry()], { world })
  const fn = script(world, hangs())
  const call = subject.execute(fn, { deadline: world.epoch() + 100 })
  await expect(world.until(call)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  expect(world.now()).toBe(100)
  await expect(subject.execute(fn, { deadline: world.epoch() })).rejects.toThrow('deadline has passed')
  expect(fn.calls.length).toBe(1)
  expect(world.pending).toBe(0)
})

test('the context tells what the call is about', async () => {
  const world = virtualWorld()
  const contexts: CallContext[] = []
  const subject = pipeline('context', [], { world })
  await subject.execute((context) => contexts.push(context))
  await subject.execute((context) => contexts.push(context), {
    deadline: world.epoch() + 500,
    priority: 'high',
    idempotent: false,
    key: 'k',
  })
  expect(contexts[0]).toMatchObject({ attempt: 1, pipeline: 'context', priority: 'normal', idempotent: true })
  expect(contexts[0]?.deadline).toBeUndefined()
  expect(contexts[1]).toMatchObject({ priority: 'high', idempotent: false, key: 'k', deadline: world.epoch() + 500 })
})

test('each attempt has a signal of its own', async () => {
  const { calls } = await given([retry({ backoff: constant(1) }), timeout(10)])
    .when(hangs(), succeeds())
    .report()
  expect(calls.map(({ context }) => context.signal.aborted)).toEqual([true, false])
})

test('a throwing listener changes nothing, is told of, and the others still hear', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const subject = pipeline('listeners', [])
  const heard: ResilienceEvent[] = []
  subject.subscribe(() => {
    throw new Error('bad listener')
  })
  subject.subscribe((event) => heard.push(event))
  const fn = vi.fn(() => 'ok')
  expect(await subject.execute(fn)).toBe('ok')
  expect(fn).toHaveBeenCalledTimes(1)
  expect(heard).toMatchObject([{ type: 'execution', outcome: 'success', attempts: 1 }])
  expect(warn.mock.calls[0]?.[0]).toContain('bad listener')
  warn.mockRestore()
})

test('every execution is told once, with its outcome', async () => {
  const world = virtualWorld()
  const subject = pipeline('events', [bulkhead({ maxConcurrent: 1 })], { world })
  const outcomes: string[] = []
  const unsubscribe = subject.subscribe((event) => event.type === 'execution' && outcomes.push(event.outcome))
  const cancel = new AbortController()
  await subject.execute(() => 1)
  await subject.execute(script(world, fails())).catch(() => {})
  const hanging = subject.execute(script(world, hangs()), { signal: cancel.signal }).catch(() => {})
  await subject.execute(() => 1).catch(() => {})
  cancel.abort()
  await hanging
  unsubscribe()
  await world.advance(0)
  await subject.execute(() => 1)
  expect(outcomes).toEqual(['success', 'failure', 'rejected', 'cancelled'])
})

test('the hub hears all pipelines and knows the live ones', async () => {
  const heard: string[] = []
  const unsubscribe = telemetry.subscribe((event) => heard.push(event.pipeline))
  const [one, two] = [pipeline('hub one', []), pipeline('hub two', [])]
  await Promise.all([one.execute(() => 1), two.execute(() => 2)])
  unsubscribe()
  await one.execute(() => 1)
  expect(heard).toEqual(['hub one', 'hub two'])
  const live = new Set(telemetry.pipelines())
  expect(live.has(one) && live.has(two)).toBe(true)
})

test('metrics of the pipeline and each policy', async () => {
  const subject = pipeline('metrics', [retry(), circuitBreaker({ name: 'menu' })])
  await subject.execute(() => 1)
  expect(subject.metrics()).toMatchObject({
    pipeline: 'metrics',
    calls: { inFlight: 0, successes: 1, failures: 0, rejections: 0, cancellations: 0 },
    policies: [
      { kind: 'retry', name: 'retry' },
      { kind: 'circuitBreaker', name: 'menu', metrics: { state: 'closed', successes: 1 } },
    ],
  })
})

test('a snapshot of the pipeline is that of its policies by name', async () => {
  const make = () => pipeline('snapshot', [retry(), circuitBreaker({ consecutiveFailures: 1, name: 'menu' })])
  const before = make()
  await before.execute(script(virtualWorld(), fails()), { idempotent: false }).catch(() => {})
  const snapshot: Record<string, unknown> = JSON.parse(JSON.stringify(before.snapshot()))
  expect(Object.keys(snapshot)).toEqual(['menu'])
  const restarted = make()
  restarted.restore(snapshot)
  await expect(restarted.execute(() => 1)).rejects.toMatchObject({ code: 'CIRCUIT_OPEN', policy: 'menu' })
})

test('a predicate that throws becomes the outcome, and nothing stays occupied', async () => {
  const places = bulkhead({ maxConcurrent: 1 })
  const broken = new Error('predicate')
  const subject = given([
    places,
    retry({
      handleError: () => {
        throw broken
      },
    }),
  ])
  await subject.when(fails()).thenExpect({ error: broken })
  expect(places.inFlight).toBe(0)
})

test('a thenable whose then throws is a failed call, which leaves no place occupied', async () => {
  const places = bulkhead({ maxConcurrent: 1 })
  const broken = new Error('then')
  const thenable: PromiseLike<number> = {
    // biome-ignore lint/suspicious/noThenProperty: the very point
    then() {
      throw broken
    },
  }
  const subject = pipeline('broken', [retry({ maxAttempts: 1 }), places])
  await expect(subject.execute(() => thenable)).rejects.toBe(broken)
  expect(places.inFlight).toBe(0)
})
