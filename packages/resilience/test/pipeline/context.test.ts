import { expect, test } from 'vitest'
import { type CallContext, coalesce, constant, hedge, type Policy, pipeline, retry, timeout } from '../../src/index.ts'
import { after, fails, given, hangs, script, stubbornly, succeeds, virtualWorld } from '../../src/testing/index.ts'

test('the signal is the same each time it is asked for', async () => {
  await pipeline('context', []).execute((context) => {
    expect(context.signal).toBe(context.signal)
    expect(context.signal.aborted).toBe(false)
  })
})

test('a signal that is first touched after the caller cancelled has the caller’s reason', async () => {
  const world = virtualWorld()
  const cancel = new AbortController()
  const run = script(world, stubbornly(50, succeeds()))
  const call = pipeline('late', [], { world })
    .execute(run, { signal: cancel.signal })
    .catch(() => {})
  await world.advance(10)
  cancel.abort('enough')
  await call
  expect(run.calls[0]?.context.signal.reason).toBe('enough')
})

test('a signal without the caller’s is aborted by a timeout with its error, and stays that way', async () => {
  const { calls, error } = await given([timeout(20)])
    .when(after(100, succeeds()))
    .report()
  expect(calls[0]?.context.signal.reason).toBe(error)
})

test('the deadline is in whole epoch milliseconds', async () => {
  const world = virtualWorld({ epoch: 1_000_000 })
  await world.advance(0.4)
  const deadlines: unknown[] = []
  await pipeline('deadline', [timeout(100.3)], { world }).execute(({ deadline }) => deadlines.push(deadline))
  expect(deadlines).toEqual([1_000_101])
})

test('a call without options has the defaults, one with options its own', async () => {
  const seen: CallContext[] = []
  const subject = pipeline('options', [])
  await subject.execute((context) => seen.push(context))
  await subject.execute((context) => seen.push(context), { priority: 'low', idempotent: false, key: 'k' })
  const told = ({ pipeline, attempt, priority, idempotent, key, deadline }: CallContext) => ({
    pipeline,
    attempt,
    priority,
    idempotent,
    key,
    deadline,
  })
  expect(seen.map(told)).toEqual([
    { pipeline: 'options', attempt: 1, priority: 'normal', idempotent: true, key: undefined, deadline: undefined },
    { pipeline: 'options', attempt: 1, priority: 'low', idempotent: false, key: 'k', deadline: undefined },
  ])
})

test('a wrapped function has the options that it was wrapped with', async () => {
  const wrapped = pipeline('wrapped', []).wrap(({ priority }, name: string) => `${name} ${priority}`, {
    priority: 'high',
  })
  expect(await wrapped('call')).toBe('call high')
  expect(await pipeline('plain', []).wrap(({ priority }) => priority)()).toBe('normal')
})

/** A policy of the user's own that runs what is inside in its own way. */
function wrapping(
  wrap: ReturnType<typeof hedge>['attach'] extends (b: never) => { wrap: infer W } ? W : never,
): Policy {
  return { kind: 'own', name: 'own', attach: () => ({ wrap }) }
}

test('what is inside of a wrap ends when the call does, with the same reason', async () => {
  const world = virtualWorld()
  const own = wrapping((next) => Promise.race([next(), next()]))
  const run = script(world, hangs())
  const cancel = new AbortController()
  const call = pipeline('own', [own], { world }).execute(run, { signal: cancel.signal })
  await world.advance(10)
  cancel.abort('enough')
  await expect(call).rejects.toBe('enough')
  expect(run.calls.map(({ context }) => context.signal.reason)).toEqual(['enough', 'enough'])
})

test('a run that begins after the call has ended does not reach the function', async () => {
  const world = virtualWorld()
  const outcomes: unknown[] = []
  const own = wrapping(async (next) => {
    await new Promise<void>((resolve) => world.setTimer(50, resolve))
    return next().catch((reason) => outcomes.push(reason))
  })
  const run = script(world, succeeds())
  const call = pipeline('own', [timeout(20), own], { world })
    .execute(run)
    .catch((error) => error)
  const error = await world.until(call)
  await world.advance(100)
  expect(outcomes).toEqual([error])
  expect(run.calls.length).toBe(0)
})

test('a signal of its own ends one run and not the others', async () => {
  const world = virtualWorld()
  const one = new AbortController()
  const own = wrapping(async (next) => {
    const [first, second] = [next({ signal: one.signal }).catch((reason) => reason), next({ attempt: 7 })]
    one.abort('only one')
    return [await first, await second]
  })
  const run = script(world, after(10, succeeds('ok')))
  expect(await world.until(pipeline('own', [own], { world }).execute(run))).toEqual(['only one', 'ok'])
  expect(run.calls.map(({ attempt, context }) => [attempt, context.signal.aborted])).toEqual([
    [1, true],
    [7, false],
  ])
})

test('a signal that is aborted already keeps its run from the function', async () => {
  const world = virtualWorld()
  const own = wrapping((next) => next({ signal: AbortSignal.abort('before') }))
  const run = script(world, succeeds())
  await expect(pipeline('own', [own], { world }).execute(run)).rejects.toBe('before')
  expect(run.calls.length).toBe(0)
})

test('a run in the background has neither signal nor deadline of the call, and outlives it', async () => {
  const world = virtualWorld()
  const own = wrapping(async (next) => {
    void next({ background: true })
    return 'at once'
  })
  const run = script(world, after(100, succeeds()))
  const cancel = new AbortController()
  const subject = pipeline('own', [timeout(50), own], { world })
  const options = { signal: cancel.signal, deadline: world.epoch() + 20, priority: 'low', key: 'k' } as const
  expect(await world.until(subject.execute(run, options))).toBe('at once')
  cancel.abort()
  await world.advance(200)
  const { context } = run.calls[0]!
  expect(context.signal.aborted).toBe(false)
  expect(context).toMatchObject({ deadline: undefined, priority: 'low', key: 'k' })
})

test('inside of a wrap the deadline is that of the call', async () => {
  const world = virtualWorld()
  const deadlines: unknown[] = []
  const subject = pipeline('own', [timeout(80), wrapping((next) => next())], { world })
  await subject.execute(({ deadline }) => deadlines.push(deadline))
  expect(deadlines).toEqual([world.epoch() + 80])
})

test('wraps and hooks nest in any order', async () => {
  const world = virtualWorld()
  const policies = [
    retry({ backoff: constant(10), maxAttempts: 2 }),
    coalesce(),
    timeout(50),
    hedge({ after: 20 }),
    retry({ backoff: constant(1), maxAttempts: 2 }),
  ] as const
  const run = script(world, fails(), after(30, fails()), hangs(), hangs(), succeeds('at last'))
  const call = pipeline('nested', policies, { world }).execute(run, { key: 'a' })
  expect(await world.until(call)).toBe('at last')
  expect(world.pending).toBeLessThanOrEqual(1)
})
