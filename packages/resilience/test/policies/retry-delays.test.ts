import { expect, test, vi } from 'vitest'
import { constant, readRetryAfter, retry } from '../../src/index.ts'
import { after, fails, given, succeeds, virtualWorld } from '../../src/testing/index.ts'

const every100 = { backoff: constant(100) }
const EPOCH = Date.UTC(2026, 0, 1)

test('without options: three attempts, with a delay of up to 100 ms and then of up to 200 ms', async () => {
  const world = virtualWorld({ seed: 3 })
  const expected = virtualWorld({ seed: 3 })
  const { events } = await given([retry()], world).when(fails()).thenExpect({ attempts: 3 })
  const delays = events.flatMap((event) => (event.type === 'retry' ? [event.delay] : []))
  expect(delays).toEqual([expected.random() * 100, expected.random() * 200])
})

test('asks for the wait with the error, or with the result that was refused, and the time of day', async () => {
  const world = virtualWorld()
  const retryAfter = vi.fn(() => undefined)
  const policy = retry({ ...every100, maxAttempts: 2, retryAfter, handleResult: (result) => result === 503 })
  await given([policy], world)
    .when(after(40, fails('down')), succeeds())
    .report()
  await given([policy], world).when(succeeds(503), succeeds()).report()
  expect(retryAfter.mock.calls).toEqual([
    ['down', EPOCH + 40],
    [503, EPOCH + 140],
  ])
})

test('waits for as long as maxRetryAfter, 30 s unless told otherwise, and no longer', async () => {
  const asks = (retryAfter: number) => given([retry({ ...every100, maxAttempts: 2 })]).when(fails({ retryAfter }))
  await asks(30_000).thenExpect({ attempts: 2, elapsed: 30_000 })
  await asks(30_001).thenExpect({ attempts: 1, elapsed: 0 })
  await given([retry({ ...every100, maxAttempts: 2, maxRetryAfter: 500 })])
    .when(fails({ retryAfter: 501 }))
    .thenExpect({ attempts: 1 })
})

test('an attempt may start at maxElapsed, counted from the first, and not after it', async () => {
  const within = (maxElapsed: number) =>
    given([retry({ ...every100, maxAttempts: 10, maxElapsed })]).when(after(50, fails()))
  await within(300).thenExpect({ attempts: 3, elapsed: 350 })
  await within(299).thenExpect({ attempts: 2, elapsed: 200 })
})

test('maxElapsed counts from the start of each call, not of the world', async () => {
  const world = virtualWorld()
  await world.advance(1_000)
  await given([retry({ ...every100, maxElapsed: 200 })], world)
    .when(fails())
    .thenExpect({ attempts: 3, elapsed: 200 })
})

test('no delay is a delay, a negative one is not', async () => {
  await given([retry({ backoff: constant(0) })])
    .when(fails(), succeeds())
    .thenExpect({ result: 'ok', elapsed: 0 })
  const { error } = await given([retry({ backoff: () => -1, name: 'again' })])
    .when(fails())
    .report()
  expect(error).toMatchObject({ code: 'INVALID_OPTION', policy: 'retry', option: 'backoff' })
  expect(error).toHaveProperty('message', 'retry: backoff returned -1, not milliseconds')
})

test('the backoff is told of no error where a result was refused, and gets the randomness of the world', async () => {
  const backoff = vi.fn(({ random }: { random: () => number }) => random() * 0)
  const world = virtualWorld({ seed: 9 })
  await given([retry({ backoff, maxAttempts: 2, handleResult: () => true })], world)
    .when(succeeds())
    .report()
  expect(backoff.mock.calls).toMatchObject([[{ attempt: 1, previous: 0, error: undefined }]])
  const same = virtualWorld({ seed: 9 })
  same.random()
  expect(world.random()).toBe(same.random())
})

test.each([
  [undefined, undefined],
  [null, undefined],
  ['Retry-After: 5', undefined],
  [{ retryAfter: 5 }, 5],
  [{ retryAfter: 5, headers: { 'retry-after': '7' } }, 5],
  [{ retryAfter: '5', headers: { 'RETRY-AFTER': '7' } }, 7_000],
  [{ headers: { 'retry-after': 7 } }, 7_000],
  [{ headers: { date: '9', 'retry-after': ['7', '8'] } }, 7_000],
  [{ headers: { 'retry-after': {} } }, undefined],
  [{ headers: { 'retry-after': [] } }, undefined],
  [{ headers: { date: 'today' } }, undefined],
  [{ headers: null }, undefined],
  [{ headers: 'retry-after: 7' }, undefined],
  [{ headers: new Headers({ date: 'today' }) }, undefined],
  [{ headers: new Headers({ 'Retry-After': '7' }) }, 7_000],
  [{ headers: { 'retry-after': ' 7 ' } }, 7_000],
  [{ headers: { 'retry-after': 'Thursday, 01-Jan-26 00:00:09 GMT' } }, 9_000],
  [{ headers: { 'retry-after': 'Thu Jan  1 00:00:09 2026' } }, 9_000],
  [{ response: { retryAfter: 5 } }, 5],
  [{ response: { headers: { 'retry-after': '7' } } }, 7_000],
  [{ headers: { date: 'today' }, response: { headers: { 'retry-after': '7' } } }, 7_000],
  [{ headers: { 'retry-after': 'Thu, 99 Foo 2026' } }, undefined],
  [{ headers: { 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' } }, 9_000],
  [{ headers: { 'retry-after': '7 s' } }, undefined],
  [{ headers: { 'retry-after': 'in 7' } }, undefined],
  [{ headers: { 'retry-after': '2026-01-01' } }, undefined],
  [{ headers: { 'retry-after': 'since Thu, 01 Jan 2026 00:00:09 GMT' } }, undefined],
])('%j asks for %s ms', (outcome, expected) => {
  expect(readRetryAfter(outcome, EPOCH)).toBe(expected)
})

test('a response that is its own response asks for nothing', () => {
  const outcome: { response?: unknown } = {}
  outcome.response = outcome
  expect(readRetryAfter(outcome, EPOCH)).toBeUndefined()
})

test('reconfigure changes what it is given and leaves the rest', async () => {
  const policy = retry({ ...every100, maxAttempts: 2, maxElapsed: 5_000, maxRetryAfter: 700, handleError: () => true })
  policy.reconfigure({ maxAttempts: 3 })
  await given([policy]).when(fails()).thenExpect({ attempts: 3, elapsed: 200 })
  await given([policy])
    .when(fails({ retryAfter: 701 }))
    .thenExpect({ attempts: 1 })
  policy.reconfigure({ backoff: constant(10), handleError: (error) => error === 'retried', maxRetryAfter: 800 })
  await given([policy]).when(fails('retried')).thenExpect({ attempts: 3, elapsed: 20 })
  await given([policy]).when(fails('final')).thenExpect({ attempts: 1 })
})

test('another name is in its errors and its metrics', () => {
  expect([retry().name, retry({ name: 'again' }).name, retry().kind]).toEqual(['retry', 'again', 'retry'])
})

test('a date without a zone is one of Greenwich, wherever the process runs', () => {
  vi.stubEnv('TZ', 'America/New_York')
  expect(readRetryAfter({ headers: { 'retry-after': 'Thu Jan  1 00:00:09 2026' } }, EPOCH)).toBe(9_000)
  vi.unstubAllEnvs()
})

test('a maxElapsed that is given while a call is under way counts from its first failure, not from the start of the clock', async () => {
  const world = virtualWorld()
  await world.advance(1_000)
  const policy = retry({ ...every100, maxAttempts: 10 })
  world.setTimer(50, () => policy.reconfigure({ maxElapsed: 250 }))
  await given([policy], world).when(fails()).thenExpect({ attempts: 3, elapsed: 200 })
})

test('what is no number of milliseconds is no wait that the callee asks for', async () => {
  await given([retry(every100)])
    .when(fails({ retryAfter: Number.NaN }), fails({ retryAfter: -5 }), succeeds())
    .thenExpect({ result: 'ok', elapsed: 200 })
})

test('maxElapsed and maxRetryAfter may be without end', async () => {
  await given([retry({ ...every100, maxAttempts: 2, maxElapsed: 1 / 0, maxRetryAfter: 1 / 0 })])
    .when(fails({ retryAfter: 1e9 }))
    .thenExpect({ attempts: 2, elapsed: 1e9 })
})
