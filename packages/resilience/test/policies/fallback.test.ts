import { expect, test } from 'vitest'
import { circuitBreaker, constant, fallback, pipeline, retry } from '../../src/index.ts'
import { fails, given, hangs, script, succeeds, virtualWorld } from '../../src/testing/index.ts'

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
