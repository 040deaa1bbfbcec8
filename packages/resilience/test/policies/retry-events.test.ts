import { expect, test } from 'vitest'
import {
  constant,
  type GiveUpEvent,
  InjectedError,
  type RetryBudget,
  retry,
  TimeoutError,
  timeout,
} from '../../src/index.ts'
import { after, fails, given, hangs, stubbornly, succeeds, virtualWorld } from '../../src/testing/index.ts'

const every100 = { backoff: constant(100) }

/** A budget that writes down what it is told and asked. */
function recordingBudget(allows = true) {
  const heard: unknown[] = []
  const budget: RetryBudget = {
    onCall: (now) => heard.push(['call', now]),
    tryExtra: (now, cause) => {
      heard.push(['extra', now, cause])
      return allows
    },
    onSuccess: (now) => heard.push(['success', now]),
    metrics: () => ({}),
  }
  return { budget, heard }
}

test('tells of each retry: which attempt failed, why, and how long the wait is', async () => {
  const error = new Error('down')
  const { events } = await given([retry({ backoff: ({ attempt }) => attempt * 10, name: 'again' })])
    .when(fails(error), fails(error), succeeds())
    .report()
  const common = { type: 'retry', pipeline: 'given', policy: 'again', error }
  expect(events.slice(0, 2)).toEqual([
    { ...common, attempt: 1, delay: 10 },
    { ...common, attempt: 2, delay: 20 },
  ])
})

test('tells why it gives up, and after how many attempts', async () => {
  const error = new Error('down')
  const { events } = await given([retry({ ...every100, maxAttempts: 2, name: 'again' })])
    .when(fails(error))
    .report()
  expect(events[1]).toEqual({
    type: 'give-up',
    pipeline: 'given',
    policy: 'again',
    reason: 'attempts',
    attempts: 2,
    error,
  })
})

test('a refused result is no error, in both events', async () => {
  const { events } = await given([retry({ ...every100, maxAttempts: 2, handleResult: () => true })])
    .when(succeeds())
    .report()
  expect(events.slice(0, 2)).toMatchObject([
    { type: 'retry', error: undefined },
    { type: 'give-up', error: undefined },
  ])
})

test.each([
  ['not-idempotent', {}, { idempotent: false }],
  ['attempts', { maxAttempts: 1 }, {}],
  ['retry-after', { retryAfter: () => 30_001 }, {}],
  ['elapsed', { maxElapsed: 99 }, {}],
  ['budget', { budget: recordingBudget(false).budget }, {}],
  ['deadline', {}, { deadline: virtualWorld().epoch() + 100 }],
] satisfies [GiveUpEvent['reason'], object, object][])('gives up: %s', async (reason, options, execute) => {
  const policy = retry({ ...every100, ...options })
  const { events } = await given([policy]).when(fails()).report(execute)
  expect(events[0]).toMatchObject({ type: 'give-up', reason, attempts: 1 })
  expect(policy.metrics()).toEqual({
    retries: 0,
    recovered: 0,
    exhausted: 0,
    overBudget: reason === 'budget' ? 1 : 0,
  })
})

test('exhausted are calls that were retried and failed all the same', async () => {
  const policy = retry({ ...every100, maxAttempts: 2 })
  await given([policy]).when(fails()).report()
  await given([policy]).when(fails()).report({ idempotent: false })
  expect(policy.metrics()).toEqual({ retries: 1, recovered: 0, exhausted: 1, overBudget: 0 })
})

test('recovered are calls that were retried and succeeded', async () => {
  const policy = retry({ ...every100, budget: recordingBudget().budget })
  await given([policy]).when(succeeds()).report()
  expect(policy.metrics()).toMatchObject({ recovered: 0 })
  await given([policy]).when(fails(), succeeds()).report()
  expect(policy.metrics()).toMatchObject({ recovered: 1 })
})

test('a budget hears of each call once, of each extra one with its cause, and of a success', async () => {
  const { budget, heard } = recordingBudget()
  await given([retry({ ...every100, budget }), timeout(50)])
    .when(hangs(), fails(), after(10, succeeds()))
    .report()
  expect(heard).toEqual([
    ['call', 0],
    ['extra', 50, 'timeout'],
    ['extra', 150, 'error'],
    ['success', 260],
  ])
})

test('only a timeout costs a budget what a timeout costs', async () => {
  const origin = { pipeline: 'other', policy: 'other' }
  const { budget, heard } = recordingBudget()
  await given([retry({ backoff: constant(0), budget, maxAttempts: 4 })])
    .when(fails(new InjectedError(origin)), fails({ code: 'TIMEOUT' }), fails(new TimeoutError(origin, 5)), fails())
    .report()
  expect(heard.slice(1).flat()).toEqual(['extra', 0, 'error', 'extra', 0, 'error', 'extra', 0, 'timeout'])
})

test('a refused result after a timeout costs what an error costs', async () => {
  const { budget, heard } = recordingBudget()
  await given([retry({ backoff: constant(0), budget, handleResult: (result) => result === 503 }), timeout(50)])
    .when(hangs(), succeeds(503), succeeds())
    .report()
  expect(heard.slice(1, 3)).toEqual([
    ['extra', 50, 'timeout'],
    ['extra', 50, 'error'],
  ])
})

test('a budget hears of no success where the call failed', async () => {
  const { budget, heard } = recordingBudget()
  const policy = retry({ ...every100, budget, handleError: () => false })
  await given([policy]).when(fails()).report()
  await given([policy])
    .when(hangs())
    .report({ deadline: virtualWorld().epoch() + 10 })
  expect(heard).toEqual([
    ['call', 0],
    ['call', 0],
  ])
})

test('a call that was given up from further out is neither retried nor counted when it ends at last', async () => {
  const { budget, heard } = recordingBudget()
  const policy = retry({ ...every100, budget })
  const subject = given([timeout(50), policy])
  await subject.when(stubbornly(80, fails())).thenExpect({ attempts: 1, elapsed: 50 })
  await subject.when(stubbornly(80, succeeds())).thenExpect({ attempts: 1, elapsed: 50 })
  await subject.world.advance(1_000)
  expect(heard.filter((each) => !String(each).startsWith('call'))).toEqual([])
  expect(policy.metrics()).toEqual({ retries: 0, recovered: 0, exhausted: 0, overBudget: 0 })
})
