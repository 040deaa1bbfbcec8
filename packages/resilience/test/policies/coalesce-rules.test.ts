import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { coalesce, pipeline, timeout } from '../../src/index.ts'
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

function setUp(...steps: Step[]) {
  const world = virtualWorld()
  const policy = coalesce({ name: 'reads' })
  const subject = pipeline('shared', [policy], { world })
  const run = script(world, ...steps)
  const call = (key = 'a', signal?: AbortSignal) => subject.execute(run, { key, signal })
  return { world, policy, subject, run, call }
}

test('tells of each call that joined another, and counts what is under way', async () => {
  const { world, policy, subject, call } = setUp(after(10, succeeds()))
  const events: unknown[] = []
  subject.subscribe((event) => event.type === 'coalesced' && events.push(event))
  const calls = [call(), call(), call('b')]
  await world.advance(0)
  expect(policy.metrics()).toEqual({ coalesced: 1, inFlight: 2 })
  await world.until(Promise.all(calls))
  expect(events).toEqual([{ type: 'coalesced', pipeline: 'shared', policy: 'reads' }])
  expect(policy.metrics()).toEqual({ coalesced: 1, inFlight: 0 })
})

test('goes on while anyone waits, though most have left', async () => {
  const { world, run, call } = setUp(after(30, succeeds('ok')))
  const cancel = new AbortController()
  const gone = [call('a', cancel.signal), call('a', cancel.signal)].map((each) => each.catch((reason) => reason))
  const stays = call()
  await world.advance(10)
  cancel.abort('gone')
  expect(await Promise.all(gone)).toEqual(['gone', 'gone'])
  expect(run.calls[0]?.context.signal.aborted).toBe(false)
  expect(await world.until(stays)).toBe('ok')
})

test('is not part of the call that came first: neither its deadline nor its cancel', async () => {
  const { world, subject, run } = setUp(after(50, succeeds('ok')))
  const first = subject.execute(run, { key: 'a', deadline: world.epoch() + 10 }).catch((error) => error.code)
  const second = subject.execute(run, { key: 'a' })
  expect(await world.until(first)).toBe('DEADLINE_EXCEEDED')
  expect(await world.until(second)).toBe('ok')
  expect(run.calls.length).toBe(1)
})

test('a new call after all have left is not mixed up with the old work that ends late', async () => {
  const { world, policy, run, call } = setUp(stubbornly(50, succeeds('old')), after(80, succeeds('new')))
  const cancel = new AbortController()
  const left = call('a', cancel.signal).catch((reason) => reason)
  await world.advance(10)
  cancel.abort('gone')
  await left
  const second = call()
  await world.advance(45)
  expect(policy.metrics()).toMatchObject({ inFlight: 1 })
  const third = call()
  expect(await world.until(Promise.all([second, third]))).toEqual(['new', 'new'])
  expect(run.calls.length).toBe(2)
})

test('a call at the very moment when all have left neither joins them nor is forgotten with them', async () => {
  const { world, policy, run, call } = setUp(hangs(), after(50, succeeds('new')))
  const cancel = new AbortController()
  const left = call('a', cancel.signal).catch((reason) => reason)
  await world.advance(10)
  cancel.abort('gone')
  const second = call()
  expect(await left).toBe('gone')
  await world.advance(10)
  expect(policy.metrics()).toEqual({ coalesced: 0, inFlight: 1 })
  expect(await world.until(Promise.all([second, call()]))).toEqual(['new', 'new'])
  expect(run.calls.length).toBe(2)
})

test('a failure that nobody waits for any more is no unhandled rejection', async () => {
  const unhandled: unknown[] = []
  const listen = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', listen)
  const { world, call } = setUp(stubbornly(50, fails('late')))
  const cancel = new AbortController()
  const left = call('a', cancel.signal).catch((reason) => reason)
  await world.advance(10)
  cancel.abort('gone')
  await left
  await world.advance(100)
  process.off('unhandledRejection', listen)
  expect(unhandled).toEqual([])
})

test('a call that has its outcome leaves no listener on its signal', async () => {
  const layer = coalesce().attach({ pipeline: 'direct', world: virtualWorld(), observed: false, emit: () => {} })
  const cancel = new AbortController()
  let listening = 0
  const next = async () => {
    await Promise.resolve()
    listening = getEventListeners(cancel.signal, 'abort').length
  }
  const context = { attempt: 1, pipeline: 'direct', priority: 'normal', idempotent: true, deadline: undefined } as const
  await layer.wrap(next, { ...context, signal: cancel.signal, key: 'a' })
  expect(listening).toBe(1)
  expect(getEventListeners(cancel.signal, 'abort').length).toBe(0)
})

test('a timeout around it ends one wait, and the work with the last', async () => {
  const subject = given([timeout(20), coalesce()])
  const { calls, error } = await subject.when(hangs()).report()
  expect(error).toMatchObject({ code: 'TIMEOUT' })
  expect(calls[0]?.context.signal.reason).toBe(error)
})

test('calls without a key, which only JavaScript can make, share one', async () => {
  const { world, subject, run, call } = setUp(after(10, succeeds('ok')))
  const untyped: { key: string } = JSON.parse('{}')
  await world.until(Promise.all([subject.execute(run, untyped), call('')]))
  expect(run.calls.length).toBe(1)
})

test('options, name and kind', () => {
  expect(() => coalesce(JSON.parse('{"ttl":5}'))).toThrow('coalesce: there is no option ttl')
  expect([coalesce().name, coalesce().kind, coalesce({ name: 'reads' }).name]).toEqual([
    'coalesce',
    'coalesce',
    'reads',
  ])
})
