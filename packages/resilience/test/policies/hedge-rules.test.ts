import { expect, test } from 'vitest'
import { constant, hedge, pipeline, type RetryBudget, retry, retryBudget } from '../../src/index.ts'
import { after, fails, given, hangs, script, stubbornly, succeeds, virtualWorld } from '../../src/testing/index.ts'

test('without options: two attempts, the second when the call is slower than 95 % of those before', async () => {
  const policy = hedge()
  const subject = given([policy])
  for (let call = 1; call <= 19; call++) await subject.when(after(10, succeeds())).report()
  expect(policy.delay()).toBeUndefined()
  await subject.when(after(100, succeeds())).report()
  expect(policy.delay()).toBeGreaterThanOrEqual(10)
  expect(policy.delay()).toBeLessThan(10.6)
  await subject.when(hangs(), hangs()).thenExpect({ attempts: 2 }, { deadline: subject.world.epoch() + 100 })
})

test('never sooner than atLeast, 1 ms unless told otherwise', async () => {
  for (const [atLeast, least] of [
    [undefined, 1],
    [7, 7],
  ] as const) {
    const policy = hedge({ after: { quantile: 0.5, minimumCalls: 1, ...(atLeast && { atLeast }) } })
    await given([policy]).when(succeeds()).report()
    expect(policy.delay()).toBe(least)
  }
})

test('learns from each attempt that succeeded how long it took itself, from no other', async () => {
  const policy = hedge({ after: { quantile: 1, minimumCalls: 2 } })
  const subject = given([policy])
  await subject.when(after(500, fails())).report()
  await subject.world.advance(1_000)
  await subject.when(after(10, succeeds())).report()
  expect(policy.delay()).toBeUndefined()
  await subject.when(after(20, succeeds())).report()
  expect(policy.delay()).toBeGreaterThanOrEqual(20)
  expect(policy.delay()).toBeLessThan(21)
})

test('a delay of 0 starts both at once', async () => {
  await given([hedge({ after: 0 })])
    .when(hangs(), succeeds('second'))
    .thenExpect({ result: 'second', attempts: 2, elapsed: 0 })
})

test('each attempt has its number, counted on from those of a retry around it', async () => {
  const { calls } = await given([retry({ backoff: constant(1), maxAttempts: 2 }), hedge({ after: 10 })])
    .when(after(20, fails()), after(20, fails()), after(20, succeeds()), hangs())
    .report()
  expect(calls.map(({ attempt, at }) => [attempt, at])).toEqual([
    [1, 0],
    [2, 10],
    [2, 31],
    [3, 41],
  ])
})

test('tells of each attempt that it starts, and of one that won', async () => {
  const { events } = await given([hedge({ after: 10, maxAttempts: 3, name: 'spare' })])
    .when(hangs(), hangs(), after(5, succeeds()))
    .report()
  const common = { type: 'hedge', pipeline: 'given', policy: 'spare' }
  expect(events.slice(0, 3)).toEqual([
    { ...common, action: 'started', attempt: 2 },
    { ...common, action: 'started', attempt: 3 },
    { ...common, action: 'won', attempt: 3 },
  ])
})

test('a first attempt that wins is no win of a hedge', async () => {
  const policy = hedge({ after: 10 })
  const { events } = await given([policy])
    .when(after(20, succeeds('first')), hangs())
    .report()
  expect(events.filter(({ type }) => type === 'hedge')).toMatchObject([{ action: 'started' }])
  expect(policy.metrics()).toEqual({ hedged: 1, won: 0, overBudget: 0 })
})

test('an attempt that succeeds when all others have failed has won against nobody', async () => {
  const policy = hedge({ after: 10 })
  await given([policy])
    .when(after(20, fails()), after(30, succeeds()))
    .thenExpect({ result: 'ok', events: ['hedge'] })
  expect(policy.metrics()).toEqual({ hedged: 1, won: 0, overBudget: 0 })
})

test('while it has not learnt enough it sets no timer', async () => {
  const world = virtualWorld()
  const call = pipeline('new', [hedge()], { world }).execute(script(world, stubbornly(50, succeeds())))
  await world.advance(10)
  expect(world.pending).toBe(1)
  await world.until(call)
})

test('losers are told why', async () => {
  const { calls } = await given([hedge({ after: 10 })])
    .when(hangs(), succeeds())
    .report()
  const { reason } = calls[0]!.context.signal
  expect(reason).toBeInstanceOf(DOMException)
  expect(reason).toMatchObject({ name: 'AbortError', message: 'Another attempt of the same call was faster' })
})

test('a refused result counts only when no attempt is left that could do better', async () => {
  const policy = hedge({ after: 10, handleResult: (result) => result === 503 })
  await given([policy])
    .when(after(20, succeeds(503)), after(30, succeeds(200)))
    .thenExpect({ result: 200, attempts: 2, elapsed: 40 })
  await given([policy])
    .when(after(20, succeeds(503)), after(30, succeeds(503)))
    .thenExpect({ result: 503, elapsed: 40 })
  await given([policy])
    .when(after(5, succeeds(503)))
    .thenExpect({ result: 503, attempts: 1, elapsed: 5 })
})

test('an error that handleError does not want ends the call at once, and the other attempts', async () => {
  const final = new Error('final')
  const policy = hedge({ after: 10, handleError: (error) => error !== final })
  const { calls } = await given([policy])
    .when(after(20, fails(final)), hangs())
    .thenExpect({ error: final, elapsed: 20 })
  expect(calls[1]?.context.signal.aborted).toBe(true)
  await given([policy]).when(after(20, fails()), after(30, succeeds())).thenExpect({ result: 'ok', elapsed: 40 })
})

test('the budget hears of each call, is asked for each hedge, and may refuse it', async () => {
  const heard: unknown[] = []
  const budget: RetryBudget = {
    onCall: (now) => heard.push(['call', now]),
    tryExtra: (now, cause) => heard.push(['extra', now, cause]) < 4,
    onSuccess: () => {},
    metrics: () => ({}),
  }
  const policy = hedge({ after: 10, budget, maxAttempts: 4 })
  await given([policy])
    .when(after(100, succeeds()), hangs())
    .thenExpect({ attempts: 3, elapsed: 100, events: ['hedge', 'hedge'] })
  expect(heard).toEqual([
    ['call', 0],
    ['extra', 10, 'hedge'],
    ['extra', 20, 'hedge'],
    ['extra', 30, 'hedge'],
  ])
  expect(policy.metrics()).toEqual({ hedged: 2, won: 0, overBudget: 1 })
})

test('a hedge takes its share of a budget', async () => {
  const budget = retryBudget({ ratio: 0.5, minimum: 0 })
  await given([hedge({ after: 10, budget })])
    .when(after(50, succeeds()))
    .thenExpect({ attempts: 1 })
  await given([hedge({ after: 10, budget })])
    .when(after(50, succeeds()))
    .thenExpect({ attempts: 2 })
  expect(budget.metrics(0)).toMatchObject({ calls: 2, extra: 1 })
})

test('no hedge follows when the first outcome is there, and no timer is left', async () => {
  const world = virtualWorld()
  const run = script(world, after(5, succeeds()))
  await world.until(pipeline('fast', [hedge({ after: 10 })], { world }).execute(run))
  expect(world.pending).toBe(0)
  await world.advance(100)
  expect(run.calls.length).toBe(1)
})

test('a call that is cancelled before the delay is not hedged', async () => {
  const world = virtualWorld()
  const policy = hedge({ after: 10 })
  const subject = pipeline('cancelled', [policy], { world })
  const cancel = new AbortController()
  const run = script(world, stubbornly(50, fails()))
  const call = subject.execute(run, { signal: cancel.signal }).catch((reason) => reason)
  await world.advance(5)
  cancel.abort('enough')
  expect(await call).toBe('enough')
  await world.advance(100)
  expect(run.calls.length).toBe(1)
  expect(policy.metrics()).toMatchObject({ hedged: 0 })
})

test('a first attempt that cancels its own caller is followed by no other', async () => {
  const world = virtualWorld()
  const cancel = new AbortController()
  const run = script(world, () => {
    cancel.abort('enough')
    return hangs()({ signal: cancel.signal } as never, world)
  })
  const call = pipeline('cancelled', [hedge({ after: 10 })], { world }).execute(run, { signal: cancel.signal })
  await expect(world.until(call)).rejects.toBe('enough')
  expect(world.pending).toBe(0)
})

test('reconfigure changes what it is given, checks it, and keeps what was learnt', async () => {
  const policy = hedge({ after: { quantile: 0.5, minimumCalls: 2 }, maxAttempts: 3 })
  const subject = given([policy])
  for (let call = 0; call < 2; call++) await subject.when(after(20, succeeds())).report()
  policy.reconfigure({ after: { quantile: 0.9, minimumCalls: 2 } })
  expect(policy.delay()).toBeGreaterThanOrEqual(20)
  policy.reconfigure({ after: 10 })
  await subject.when(hangs()).thenExpect({ attempts: 3 }, { deadline: subject.world.epoch() + 100 })
  expect(() => policy.reconfigure({ maxAttempts: 0 })).toThrow(/^hedge: maxAttempts is 0/)
  expect(() => policy.reconfigure({ after: -1 })).toThrow('after is -1')
  expect(policy.delay()).toBe(10)
})

test.each([
  [{ after: { quantile: 0.5, atLeast: -1 } }, 'hedge.after: atLeast is -1'],
  [{ after: { quantile: 0.5, minimumCalls: 0 } }, 'hedge.after: minimumCalls is 0'],
  [{ after: JSON.parse('{"atLeast":5}') }, 'quantile must be given'],
  [{ after: JSON.parse('{"quantil":5}') }, 'hedge.after: there is no option quantil (did you mean quantile?)'],
])('%j: %s', (options, message) => {
  expect(() => hedge(options)).toThrow(message)
})

test('its name and kind', () => {
  expect([hedge().kind, hedge().name, hedge({ name: 'spare' }).name]).toEqual(['hedge', 'hedge', 'spare'])
})
