import { expect, test } from 'vitest'
import { circuitBreaker, constant, fallback, pipeline, retry, timeout } from '../../src/index.ts'
import { fails, given, hangs, script, stubbornly, succeeds, virtualWorld } from '../../src/testing/index.ts'

test('answers for a call that failed, and sees why', async () => {
  const error = new Error('down')
  await given([fallback((cause) => ({ instead: cause }))])
    .when(fails(error))
    .thenExpect({ result: { instead: error }, events: ['fallback'] })
})

test('leaves successes alone', async () => {
  const policy = fallback(() => 'instead')
  await given([policy]).when(succeeds('real')).thenExpect({ result: 'real', events: [] })
  expect(policy.metrics()).toEqual({ used: 0 })
})

test('may answer later, and what it throws the call throws', async () => {
  await given([fallback(async () => 'later')])
    .when(fails())
    .thenExpect({ result: 'later' })
  const worse = new Error('worse')
  await given([fallback(() => Promise.reject(worse))])
    .when(fails())
    .thenExpect({ error: worse })
  await given([
    fallback(() => {
      throw worse
    }),
  ])
    .when(fails())
    .thenExpect({ error: worse })
})

test('answers after the retries inside of it, and for an open circuit', async () => {
  const breaker = circuitBreaker({ consecutiveFailures: 2 })
  const subject = given([fallback(() => 'instead'), retry({ maxAttempts: 2, backoff: constant(1) }), breaker])
  await subject.when(fails()).thenExpect({ result: 'instead', attempts: 2 })
  await subject.when(succeeds()).thenExpect({ result: 'instead', attempts: 0 })
})

test('handleError and handleResult choose', async () => {
  const policy = fallback(() => 'instead', { handleError: (error) => error === 1, handleResult: (r) => r === null })
  await given([policy]).when(fails(1)).thenExpect({ result: 'instead' })
  await given([policy]).when(fails(2)).thenExpect({ error: 2 })
  await given([policy]).when(succeeds(null)).thenExpect({ result: 'instead' })
})

test('does not answer for a call that its caller cancelled', async () => {
  const world = virtualWorld()
  const subject = pipeline('cancel', [fallback(() => 'instead')], { world })
  const cancel = new AbortController()
  const call = subject.execute(script(world, hangs()), { signal: cancel.signal })
  cancel.abort('enough')
  await expect(call).rejects.toBe('enough')
})

test('tells of each answer and counts them', async () => {
  const error = new Error('down')
  const policy = fallback(() => 'instead', { handleResult: (result) => result === null, name: 'menu' })
  const subject = given([policy])
  const failed = await subject.when(fails(error)).report()
  expect(failed.events[0]).toEqual({ type: 'fallback', pipeline: 'given', policy: 'menu', error })
  const refused = await subject.when(succeeds(null)).report()
  expect(refused.events[0]).toEqual({ type: 'fallback', pipeline: 'given', policy: 'menu', error: undefined })
  expect(policy.metrics()).toEqual({ used: 2 })
})

test('is told of no error where a result was refused', async () => {
  const told: unknown[] = []
  const policy = fallback((error) => told.push(error), { handleResult: () => true })
  await given([policy]).when(succeeds(503)).report()
  expect(told).toEqual([undefined])
})

test('does not answer for a call that was given up from further out, when it ends at last', async () => {
  const policy = fallback(() => 'instead')
  const subject = given([timeout(50), policy])
  await subject.when(stubbornly(80, fails())).thenExpect({ error: 'TIMEOUT', events: ['timeout'] })
  await subject.world.advance(100)
  expect(policy.metrics()).toEqual({ used: 0 })
})

test('without a name it has that of its kind; options are checked', () => {
  const policy = fallback(() => 1)
  expect([policy.kind, policy.name]).toEqual(['fallback', 'fallback'])
  expect(() => fallback(() => 1, { handleError: JSON.parse('1') })).toThrow(/^fallback: handleError is 1/)
  expect(() => fallback(() => 1, { handleResult: JSON.parse('1') })).toThrow('handleResult is 1')
  expect(() => fallback(() => 1, { name: '' })).toThrow("name is ''")
})

test('what it answers for can be changed, what it answers not', async () => {
  const policy = fallback(() => 'instead', { handleResult: (result) => result === null })
  policy.reconfigure({ handleError: (error) => error === 1 })
  await given([policy]).when(fails(1)).thenExpect({ result: 'instead' })
  await given([policy]).when(fails(2)).thenExpect({ error: 2 })
  await given([policy]).when(succeeds(null)).thenExpect({ result: 'instead' })
  expect(() => policy.reconfigure({ handleError: JSON.parse('1') })).toThrow('fallback: handleError is 1')
  const others: object[] = [{ name: 'other' }, { produce: () => 'other' }]
  for (const other of others) expect(() => policy.reconfigure(other)).toThrow(/^fallback: .* for as long as it lives/)
})
