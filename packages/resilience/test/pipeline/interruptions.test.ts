import { getEventListeners } from 'node:events'
import { expect, test, vi } from 'vitest'
import {
  bulkhead,
  circuitBreaker,
  constant,
  hedge,
  type Policy,
  pipeline,
  rateLimit,
  retry,
  timeout,
} from '../../src/index.ts'
import { whenEnded } from '../../src/pipeline/when-ended.ts'
import { fails, given, hangs, script, stubbornly, succeeds, virtualWorld } from '../../src/testing/index.ts'

test('a call that is cancelled beforehand reaches neither policies nor the function', async () => {
  const fn = vi.fn(() => 1)
  const signal = AbortSignal.abort('before')
  await expect(pipeline('none', []).execute(fn, { signal })).rejects.toBe('before')
  const world = virtualWorld()
  const subject = pipeline('rate', [rateLimit({ limit: 1 })], { world })
  await expect(subject.execute(fn, { signal })).rejects.toBe('before')
  await expect(subject.execute(fn, { deadline: world.epoch() })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  expect(fn).not.toHaveBeenCalled()
  await expect(subject.execute(fn)).resolves.toBe(1)
})

test.each([0, 100])('a cancel at the very moment of planning a retry after %d ms is heard', async (delay) => {
  const world = virtualWorld()
  const cancel = new AbortController()
  const subject = pipeline('planning', [retry({ backoff: constant(delay) })], { world })
  subject.subscribe((event) => event.type === 'retry' && cancel.abort('enough'))
  const run = script(world, fails())
  await expect(world.until(subject.execute(run, { signal: cancel.signal }))).rejects.toBe('enough')
  expect([world.now(), run.calls.length]).toEqual([0, 1])
})

test.each<[string, Policy[]]>([
  ['hooks', [retry({ backoff: constant(1) }), timeout(500), bulkhead()]],
  ['a wrap and hooks', [hedge({ after: 900 }), retry({ backoff: constant(1) }), timeout(500), bulkhead()]],
])('the end of the caller’s deadline is nobody’s failure to retry: %s', async (_name, policies) => {
  const world = virtualWorld()
  await given(policies, world)
    .when(hangs())
    .thenExpect(
      { error: 'DEADLINE_EXCEEDED', elapsed: 100, attempts: 1, events: [] },
      { deadline: world.epoch() + 100 },
    )
})

test('a run that a wrap begins too late is nobody’s failure to retry either', async () => {
  const world = virtualWorld()
  const late: Policy = {
    kind: 'late',
    name: 'late',
    attach: () => ({
      wrap: async (next) => {
        await new Promise<void>((resolve) => world.setTimer(50, resolve))
        return next()
      },
    }),
  }
  const policies = [late, retry({ backoff: constant(1) }), timeout(500), bulkhead()]
  const subject = given(policies, world)
  await subject
    .when(succeeds())
    .thenExpect({ error: 'DEADLINE_EXCEEDED', attempts: 0 }, { deadline: world.epoch() + 20 })
  await world.advance(100)
})

test('a timeout that waits for the function does not wait for a place in a queue', async () => {
  const world = virtualWorld()
  const places = bulkhead({ maxConcurrent: 1, maxQueued: 1 })
  void pipeline('other', [places], { world }).execute(script(world, stubbornly(100, succeeds())))
  await given([timeout({ limit: 20, abandon: false }), places], world)
    .when(succeeds())
    .thenExpect({ error: 'TIMEOUT', elapsed: 20, attempts: 0 })
  expect(places.queued).toBe(0)
})

test('a call that was given up counts late as the result that it came to', async () => {
  const breaker = circuitBreaker({ handleResult: (result) => result === 503 })
  const subject = given([timeout(50), breaker])
  await subject.when(stubbornly(80, succeeds(503))).report()
  await subject.when(stubbornly(80, succeeds(200))).report()
  await subject.world.advance(100)
  expect(breaker.metrics()).toMatchObject({ failures: 1, successes: 1 })
})

test('whoever waits for the end of a context is told of it once, or at once, or not any more', () => {
  const context = {
    attempt: 1,
    pipeline: 'own',
    priority: 'normal',
    idempotent: true,
    deadline: undefined,
    key: 'a',
  } as const
  const cancel = new AbortController()
  const heard: unknown[] = []
  const stop = whenEnded({ ...context, signal: cancel.signal }, () => heard.push('stopped'))
  whenEnded({ ...context, signal: cancel.signal }, (reason) => heard.push(reason))
  expect(getEventListeners(cancel.signal, 'abort').length).toBe(2)
  stop()
  expect(getEventListeners(cancel.signal, 'abort').length).toBe(1)
  cancel.abort('enough')
  whenEnded({ ...context, signal: cancel.signal }, (reason) => heard.push(`at once ${reason}`))
  expect(heard).toEqual(['enough', 'at once enough'])
})
