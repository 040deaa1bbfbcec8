import { expect, test } from 'vitest'
import { coalesce, pipeline } from '../../src/index.ts'
import { after, fails, hangs, type Step, script, succeeds, virtualWorld } from '../../src/testing/index.ts'

function setUp(...steps: Step[]) {
  const world = virtualWorld()
  const policy = coalesce()
  const subject = pipeline('shared', [policy], { world })
  const run = script(world, ...steps)
  const call = (key = 'a', signal?: AbortSignal) => subject.execute(run, { key, signal })
  return { world, policy, run, call }
}

test('calls of one key at once are one call', async () => {
  const { world, policy, run, call } = setUp(after(10, succeeds(1)), after(10, succeeds(2)))
  expect(await world.until(Promise.all([call('a'), call('a'), call('b')]))).toEqual([1, 1, 2])
  expect(run.calls.length).toBe(2)
  expect(policy.metrics()).toEqual({ coalesced: 1, inFlight: 0 })
})

test('a call after the end is a new one', async () => {
  const { world, run, call } = setUp(succeeds(1), succeeds(2))
  expect([await world.until(call()), await world.until(call())]).toEqual([1, 2])
  expect(run.calls.length).toBe(2)
})

test('all get the error', async () => {
  const { world, call } = setUp(after(10, fails('down')))
  const outcomes = await world.until(Promise.allSettled([call(), call()]))
  expect(outcomes).toEqual([
    { status: 'rejected', reason: 'down' },
    { status: 'rejected', reason: 'down' },
  ])
})

test('the first may leave: the work goes on for the others', async () => {
  const { world, run, call } = setUp(after(10, succeeds('ok')))
  const cancel = new AbortController()
  const first = call('a', cancel.signal).catch((reason) => reason)
  const second = call()
  await world.advance(5)
  cancel.abort('gone')
  expect(await first).toBe('gone')
  expect(await world.until(second)).toBe('ok')
  expect(run.calls[0]?.context.signal.aborted).toBe(false)
})

test('when the last one leaves, the work is cancelled, and nobody joins it any more', async () => {
  const { world, run, call } = setUp(hangs(), succeeds('new'))
  const cancel = new AbortController()
  const calls = [call('a', cancel.signal), call('a', cancel.signal)].map((each) => each.catch((reason) => reason))
  await world.advance(5)
  cancel.abort('gone')
  expect(await Promise.all(calls)).toEqual(['gone', 'gone'])
  expect(run.calls[0]?.context.signal.reason).toBe('gone')
  expect(await world.until(call())).toBe('new')
})
