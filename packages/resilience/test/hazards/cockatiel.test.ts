/**
 * What goes wrong in cockatiel 4, each as a test that this library passes. The numbers are those of docs/hazards.md,
 * where the result of the same situation in the peers is written down.
 */
import { getEventListeners } from 'node:events'
import { expect, expectTypeOf, test, vi } from 'vitest'
import { bulkhead, circuitBreaker, constant, exponential, fallback, pipeline, retry, timeout } from '../../src/index.ts'
import { after, fails, given, hangs, script, stubbornly, succeeds, virtualWorld } from '../../src/testing/index.ts'

test('1: aborting ends the backoff at once, and the function is not called again', async () => {
  const world = virtualWorld()
  const subject = pipeline('backoff', [retry({ backoff: constant(1_000) })], { world })
  const run = script(world, fails())
  const cancel = new AbortController()
  const call = subject.execute(run, { signal: cancel.signal })
  await world.advance(10)
  cancel.abort('enough')
  await expect(call).rejects.toBe('enough')
  await world.advance(5_000)
  expect(run.calls.length).toBe(1)
})

test('1: a signal that is aborted beforehand keeps the function from running', async () => {
  const fn = vi.fn()
  const call = pipeline('before', [retry(), timeout(10), bulkhead()]).execute(fn, { signal: AbortSignal.abort('no') })
  await expect(call).rejects.toBe('no')
  expect(fn).not.toHaveBeenCalled()
})

test('2: a timeout does not abort the signal of a call that succeeded, so that bodies can be read later', async () => {
  const world = virtualWorld()
  const subject = pipeline('body', [timeout(100)], { world })
  const signal = await world.until(subject.execute((context) => context.signal))
  await world.advance(10_000)
  expect(signal.aborted).toBe(false)
})

test('3: calls in flight are not listeners of one shared signal', async () => {
  const world = virtualWorld()
  const subject = pipeline('shared', [retry(), timeout(1_000)], { world })
  const shutdown = new AbortController()
  const calls = Array.from({ length: 1_000 }, () =>
    subject.execute(script(world, after(10, succeeds())), { signal: shutdown.signal }),
  )
  await world.advance(0)
  expect(getEventListeners(shutdown.signal, 'abort').length).toBe(1)
  await world.until(Promise.all(calls))
  expect(getEventListeners(shutdown.signal, 'abort').length).toBe(1)
})

test('4: a caller’s cancel is its own reason, not "timed out"', async () => {
  const world = virtualWorld()
  const subject = pipeline('cancel', [timeout(100)], { world })
  const cancel = new AbortController()
  const call = subject.execute(script(world, hangs()), { signal: cancel.signal })
  await world.advance(50)
  cancel.abort('the user left')
  await expect(call).rejects.toBe('the user left')
})

test.each([Number.POSITIVE_INFINITY, 2 ** 31 + 1_000, 2 ** 40])(
  '5: timeout(%d) does not fire after 1 ms',
  async (limit) => {
    const subject = pipeline('long', [timeout(limit)])
    await expect(subject.execute(() => new Promise((resolve) => setTimeout(resolve, 30, 'ok')))).resolves.toBe('ok')
  },
)

test('6: a call of the closed time that fails while half-open does not open the circuit again', async () => {
  const world = virtualWorld()
  const breaker = circuitBreaker({ consecutiveFailures: 1, openFor: 100 })
  const subject = pipeline('stale', [breaker], { world })
  const old = subject.execute(script(world, after(150, fails()))).catch(() => {})
  await subject.execute(script(world, fails())).catch(() => {})
  await world.advance(100)
  const trial = subject.execute(script(world, after(100, succeeds('trial'))))
  await world.until(old)
  expect(breaker.state).toBe('half-open')
  expect(await world.until(trial)).toBe('trial')
  expect(breaker.state).toBe('closed')
})

test.each([
  ['cancelled', 'cancel'],
  ['turned away further in', 'neutral'],
])('7: a trial call that is %s does not close the circuit', async (_name, how) => {
  const world = virtualWorld()
  const breaker = circuitBreaker({ consecutiveFailures: 1, openFor: 100 })
  const subject = pipeline('trial', [breaker], { world })
  await subject.execute(script(world, fails())).catch(() => {})
  await world.advance(100)
  const cancel = new AbortController()
  if (how === 'cancel') {
    const trial = subject.execute(script(world, hangs()), { signal: cancel.signal }).catch(() => {})
    await world.advance(1)
    cancel.abort()
    await trial
  } else {
    const places = pipeline('inner', [bulkhead({ maxConcurrent: 1 })], { world })
    const occupying = places.execute(script(world, after(50, succeeds())))
    await subject.execute(() => places.execute(() => 'no room')).catch(() => {})
    await world.until(occupying)
  }
  expect(breaker.state).toBe('half-open')
  expect(await subject.execute(() => 'next trial')).toBe('next trial')
  expect(breaker.state).toBe('closed')
})

test('8: while half-open, callers beyond the trial calls are turned away at once', async () => {
  const world = virtualWorld()
  const breaker = circuitBreaker({ consecutiveFailures: 1, openFor: 100 })
  const subject = pipeline('parked', [breaker], { world })
  await subject.execute(script(world, fails())).catch(() => {})
  await world.advance(100)
  const trial = subject.execute(script(world, after(1_000, succeeds())))
  const others = await Promise.allSettled(Array.from({ length: 100 }, () => subject.execute(() => 1)))
  expect(others.every(({ status }) => status === 'rejected')).toBe(true)
  expect(world.now()).toBe(100)
  await world.until(trial)
})

test('9: a snapshot taken while isolated does not isolate for ever', () => {
  const breaker = circuitBreaker()
  breaker.isolate()
  const restarted = circuitBreaker()
  restarted.restore(breaker.snapshot())
  expect(restarted.state).toBe('closed')
})

test('10: failures of an hour ago do not open the circuit', async () => {
  const breaker = circuitBreaker({ failureRate: 0.5, minimumCalls: 10, window: 10_000 })
  const subject = given([breaker])
  for (let call = 0; call < 9; call++) await subject.when(fails()).report()
  await subject.world.advance(3_600_000)
  await subject.when(fails()).report()
  expect(breaker.state).toBe('closed')
})

test('11: a throwing listener does not make a successful call run again', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const subject = pipeline('listener', [retry({ backoff: constant(0) }), circuitBreaker(), timeout(100)])
  subject.subscribe(() => {
    throw new Error('listener')
  })
  const fn = vi.fn(() => 'ok')
  expect(await subject.execute(fn)).toBe('ok')
  expect(fn).toHaveBeenCalledTimes(1)
  warn.mockRestore()
})

test('12: a queued call that is aborted frees its place, and nobody overtakes the queue', async () => {
  const world = virtualWorld()
  const places = bulkhead({ maxConcurrent: 1, maxQueued: 2 })
  const subject = pipeline('queue', [places], { world })
  const order: string[] = []
  const call = (name: string, signal?: AbortSignal) =>
    subject.execute(
      async () => {
        order.push(name)
        await new Promise<void>((resolve) => world.setTimer(10, resolve))
      },
      { signal },
    )
  const cancel = new AbortController()
  const first = call('first').then(() => call('overtaker').catch(() => order.push('overtaker turned away')))
  const aborted = call('aborted', cancel.signal).catch(() => {})
  const second = call('second')
  cancel.abort()
  await aborted
  const third = call('third')
  await world.until(Promise.all([first, second, third]))
  expect(order.slice(0, 3)).toEqual(['first', 'second', 'third'])
  expect(order[3]).toBe('overtaker')
})

test.each(['none', 'full', 'equal'] as const)('13: the factor counts with jitter %s too', (jitter) => {
  const most = { random: () => 0.999999, previous: 0, error: undefined }
  const delays = [1, 2, 3].map((attempt) =>
    exponential({ initial: 10, factor: 5, max: 1e6, jitter })({ ...most, attempt }),
  )
  expect(delays.map(Math.round)).toEqual([10, 50, 250])
})

test('14: the result of many policies has the types of all their answers, in any order', async () => {
  const subject = pipeline('types', [
    fallback(() => 'a'),
    retry(),
    fallback(() => 1n),
    timeout(100),
    fallback(() => true),
  ])
  const result = await subject.execute(() => 1)
  expectTypeOf(result).toEqualTypeOf<number | string | bigint | boolean>()
  expect(result).toBe(1)
})

test('15: maxAttempts: 3 means three calls', async () => {
  await given([retry({ maxAttempts: 3, backoff: constant(1) })])
    .when(fails())
    .thenExpect({ attempts: 3 })
})

test('16: errors say which pipeline, which policy and when to come back', async () => {
  const breaker = circuitBreaker({ consecutiveFailures: 1, openFor: 700, name: 'menu breaker' })
  const subject = given([breaker])
  await subject.when(fails()).report()
  const { error } = await subject.when(succeeds()).report()
  expect(error).toMatchObject({ pipeline: 'given', policy: 'menu breaker', code: 'CIRCUIT_OPEN', retryAfter: 700 })
})

test('a function that ignores its signal keeps no caller waiting', async () => {
  await given([timeout(100)])
    .when(stubbornly(60_000, succeeds()))
    .thenExpect({ error: 'TIMEOUT', elapsed: 100 })
})
