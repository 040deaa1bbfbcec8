import { expect, test, vi } from 'vitest'
import { CircuitOpenError, constant, exponential, linear, retry, retryBudget, timeout } from '../../src/index.ts'
import { after, fails, given, hangs, succeeds, times, virtualWorld } from '../../src/testing/index.ts'

const every100 = { backoff: constant(100) }

test('calls until it succeeds, and waits in between', async () => {
  await given([retry({ ...every100, maxAttempts: 3 })])
    .when(fails(), fails(), succeeds('yes'))
    .thenExpect({ result: 'yes', attempts: 3, elapsed: 200, events: ['retry', 'retry'] })
})

test('maxAttempts counts calls, the first included', async () => {
  const error = new Error('down')
  await given([retry({ ...every100, maxAttempts: 3 })])
    .when(fails(error))
    .thenExpect({ error, attempts: 3, elapsed: 200, events: ['retry', 'retry', 'give-up'] })
  await given([retry({ maxAttempts: 1 })])
    .when(fails(error))
    .thenExpect({ error, attempts: 1, elapsed: 0 })
})

test('the function sees which attempt it is', async () => {
  const { calls } = await given([retry(every100)])
    .when(fails())
    .report()
  expect(calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
})

test('retries refused results, and returns the last one', async () => {
  await given([retry({ ...every100, handleResult: (result) => result === 503 })])
    .when(succeeds(503), succeeds(200))
    .thenExpect({ result: 200, attempts: 2 })
  await given([retry({ ...every100, maxAttempts: 2, handleResult: (result) => result === 503 })])
    .when(succeeds(503))
    .thenExpect({ result: 503, attempts: 2 })
})

test('leaves alone what handleError does not want', async () => {
  await given([retry({ ...every100, handleError: () => false })])
    .when(fails())
    .thenExpect({ attempts: 1, error: Error, events: [] })
})

test('does not retry what another policy turned away', async () => {
  const open = new CircuitOpenError({ pipeline: 'other', policy: 'circuitBreaker' }, 'open')
  await given([retry(every100)])
    .when(fails(open))
    .thenExpect({ attempts: 1, error: open })
})

test('does not retry a call that must not run twice', async () => {
  await given([retry(every100)])
    .when(fails())
    .thenExpect({ attempts: 1, events: ['give-up'] }, { idempotent: false })
})

test('waits as long as the callee asks when that is longer than the backoff', async () => {
  await given([retry(every100)])
    .when(fails({ retryAfter: 700 }), succeeds())
    .thenExpect({ attempts: 2, elapsed: 700 })
  await given([retry(every100)])
    .when(fails({ retryAfter: 7 }), succeeds())
    .thenExpect({ attempts: 2, elapsed: 100 })
})

test('a retryAfter that is no number is not one', async () => {
  await given([retry(every100)])
    .when(fails({ retryAfter: 'soon' }), succeeds())
    .thenExpect({ attempts: 2, elapsed: 100 })
})

test('gives up at once when the callee asks for longer than maxRetryAfter', async () => {
  const error = { headers: { 'Retry-After': '31' } }
  const { events } = await given([retry(every100)])
    .when(fails(error))
    .thenExpect({ attempts: 1, elapsed: 0, error })
  expect(events[0]).toMatchObject({ type: 'give-up', reason: 'retry-after' })
})

test('gives up at once when the next attempt could not start before the deadline', async () => {
  const world = virtualWorld()
  const { events } = await given([retry(every100)], world)
    .when(fails())
    .thenExpect({ attempts: 1, elapsed: 0, error: Error }, { deadline: world.epoch() + 100 })
  expect(events[0]).toMatchObject({ type: 'give-up', reason: 'deadline' })
  await given([retry(every100)])
    .when(fails())
    .thenExpect({ attempts: 2 }, { deadline: world.epoch() + 101 })
})

test('a timeout around it counts as a deadline', async () => {
  await given([timeout(250), retry({ ...every100, maxAttempts: 10 })])
    .when(fails())
    .thenExpect({ attempts: 3, elapsed: 200, error: Error })
})

test('maxElapsed bounds when the last attempt starts', async () => {
  await given([retry({ ...every100, maxAttempts: 10, maxElapsed: 250 })])
    .when(fails())
    .thenExpect({ attempts: 3, elapsed: 200 })
})

test('asks the budget before the delay, not after', async () => {
  const budget = retryBudget({ ratio: 0.1, minimum: 1 })
  const policy = retry({ ...every100, maxAttempts: 5, budget })
  const { events } = await given([policy]).when(fails()).thenExpect({ attempts: 2, elapsed: 100, error: Error })
  expect(events.at(-2)).toMatchObject({ type: 'give-up', reason: 'budget' })
  expect(policy.metrics()).toMatchObject({ retries: 1, overBudget: 1 })
})

test('a backoff that returns no delay is named', async () => {
  await given([retry({ backoff: () => Number.NaN })])
    .when(fails())
    .thenExpect({ error: 'INVALID_OPTION', attempts: 1 })
})

test('each inner timeout gets its own time', async () => {
  await given([retry({ ...every100, maxAttempts: 3 }), timeout(50)])
    .when(...times(2, hangs()), after(49, succeeds('late but fine')))
    .thenExpect({ result: 'late but fine', attempts: 3, elapsed: 50 + 100 + 50 + 100 + 49 })
})

test('two retries multiply', async () => {
  await given([retry({ ...every100, maxAttempts: 3 }), retry({ backoff: constant(1), maxAttempts: 2 })])
    .when(fails())
    .thenExpect({ attempts: 6, elapsed: 3 * 1 + 2 * 100 })
})

test('counts what came of it', async () => {
  const policy = retry({ ...every100, maxAttempts: 2 })
  const subject = given([policy])
  await subject.when(fails(), succeeds()).report()
  await subject.when(fails()).report()
  await subject.when(succeeds()).report()
  expect(policy.metrics()).toMatchObject({ retries: 2, recovered: 1, exhausted: 1 })
})

test('takes new options while in use', async () => {
  const policy = retry({ ...every100, maxAttempts: 2 })
  policy.reconfigure({ maxAttempts: 4 })
  await given([policy]).when(fails()).thenExpect({ attempts: 4, elapsed: 300 })
  expect(() => policy.reconfigure({ maxAttempts: 0 })).toThrow('maxAttempts is 0')
})

test.each([
  ['constant', constant(100), [100, 100, 100]],
  ['linear', linear({ initial: 100, increment: 50, max: 180, jitter: 'none' }), [100, 150, 180]],
  ['exponential', exponential({ initial: 100, factor: 3, max: 800, jitter: 'none' }), [100, 300, 800]],
  ['any function', ({ attempt }: { attempt: number }) => attempt * 7, [7, 14, 21]],
])('backoff: %s', async (_name, backoff, delays) => {
  const { events } = await given([retry({ backoff, maxAttempts: 4 })])
    .when(fails())
    .report()
  expect(events.flatMap((event) => (event.type === 'retry' ? [event.delay] : []))).toEqual(delays)
})

test('the backoff is told the attempt, the delay before and the error', async () => {
  const backoff = vi.fn(() => 10)
  const error = new Error('down')
  await given([retry({ backoff, maxAttempts: 3 })])
    .when(fails(error))
    .report()
  expect(backoff.mock.calls).toMatchObject([
    [{ attempt: 1, previous: 0, error }],
    [{ attempt: 2, previous: 10, error }],
  ])
})
