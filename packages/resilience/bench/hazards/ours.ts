import { getEventListeners } from 'node:events'
import { bulkhead, circuitBreaker, constant, exponential, pipeline, retry, timeout } from '../../src/index.ts'
import { TimeWindow } from '../../src/policies/circuit-breaker/health/time-window.ts'
import { cancelled, cost, errorOf, isSettled, type Peer, plural, REASON, telling, wait } from './hazard.ts'

const fails = async () => {
  throw new Error('down')
}
const hangs = () => new Promise<never>(() => {})

/** Opens at the first failure, half-open 50 ms later. */
function breaker() {
  return circuitBreaker({ consecutiveFailures: 1, openFor: 50, name: 'menu' })
}

async function halfOpen() {
  const policy = breaker()
  const subject = pipeline('half-open', [policy])
  await errorOf(subject.execute(fails))
  await wait(70)
  return { policy, subject }
}

async function survives(limit: number): Promise<string> {
  const error = await errorOf(pipeline('long', [timeout(limit)]).execute(() => wait(50)))
  return error === undefined ? 'does not fire' : 'fires at once'
}

/** @returns how long after the first call the second came, in milliseconds; undefined: it never did */
async function retriedAfter(header: string, maxRetryAfter: number): Promise<number | undefined> {
  const calls: number[] = []
  const subject = pipeline('retry-after', [retry({ maxAttempts: 2, backoff: constant(1), maxRetryAfter })])
  await errorOf(
    subject.execute(() => {
      calls.push(performance.now())
      throw Object.assign(new Error('503'), { headers: { 'retry-after': header } })
    }),
  )
  const [first = 0, second] = calls
  return second === undefined ? undefined : second - first
}

export const ours: Peer = {
  name: 'here',
  results: {
    async backoff() {
      let calls = 0
      const abort = new AbortController()
      const call = pipeline('backoff', [retry({ maxAttempts: 2, backoff: constant(100) })]).execute(
        () => {
          calls++
          return fails()
        },
        { signal: abort.signal },
      )
      await wait(10)
      abort.abort(REASON)
      const early = await isSettled(call, 30)
      await wait(150)
      return `${early ? 'ends at once' : 'waits on'}, ${plural(calls, 'call')}`
    },
    async before() {
      let calls = 0
      const subject = pipeline('before', [retry(), timeout(1_000)])
      await errorOf(subject.execute(() => calls++, { signal: AbortSignal.abort(REASON) }))
      return plural(calls, 'call')
    },
    async success() {
      const signal = await pipeline('body', [timeout(50)]).execute((context) => context.signal)
      await wait(100)
      return signal.aborted ? 'aborted' : 'not aborted'
    },
    async shared() {
      const abort = new AbortController()
      const subject = pipeline('shared', [timeout(60_000)])
      const calls = Array.from({ length: 1_000 }, () => errorOf(subject.execute(hangs, { signal: abort.signal })))
      const listeners = getEventListeners(abort.signal, 'abort').length
      abort.abort(REASON)
      await Promise.all(calls)
      return plural(listeners, 'listener')
    },
    async cancel() {
      const abort = new AbortController()
      const call = errorOf(pipeline('cancel', [timeout(1_000)]).execute(hangs, { signal: abort.signal }))
      abort.abort(REASON)
      return cancelled(await call)
    },
    infinity: () => survives(Number.POSITIVE_INFINITY),
    long: () => survives(2 ** 31 + 1_000),
    async stale() {
      const policy = breaker()
      const subject = pipeline('stale', [policy])
      const old = errorOf(subject.execute(() => wait(90).then(fails)))
      await errorOf(subject.execute(fails))
      await wait(60)
      const trial = errorOf(subject.execute(() => wait(80)))
      await old
      const { state } = policy
      await trial
      return state === 'half-open' ? 'ignored' : 'opens again'
    },
    async trial() {
      const { policy, subject } = await halfOpen()
      const abort = new AbortController()
      const trial = errorOf(subject.execute(hangs, { signal: abort.signal }))
      abort.abort(REASON)
      await trial
      return policy.state === 'closed' ? 'closes the circuit' : 'decides nothing'
    },
    async parked() {
      const { subject } = await halfOpen()
      const trial = subject.execute(() => wait(100))
      const others = Array.from({ length: 100 }, () => subject.execute(() => 1))
      const settled = await Promise.all(others.map((call) => isSettled(call, 20)))
      await Promise.allSettled([trial, ...others])
      return `${settled.filter((done) => !done).length} wait`
    },
    async isolated() {
      const policy = breaker()
      policy.isolate()
      const restarted = breaker()
      restarted.restore(policy.snapshot())
      return (await errorOf(pipeline('restarted', [restarted]).execute(() => 1))) === undefined
        ? 'closed'
        : 'isolated, by nobody'
    },
    async old() {
      const policy = circuitBreaker({ failureRate: 0.5, minimumCalls: 10, window: 100, openFor: 60_000 })
      const subject = pipeline('old', [policy])
      for (let call = 0; call < 9; call++) await errorOf(subject.execute(fails))
      await wait(400)
      await errorOf(subject.execute(fails))
      return policy.state
    },
    async listener() {
      let calls = 0
      const subject = pipeline('listener', [retry({ backoff: constant(1) }), breaker()])
      subject.subscribe(() => {
        throw new Error('listener')
      })
      const { emitWarning } = process
      process.emitWarning = () => {}
      const error = await errorOf(subject.execute(() => calls++))
      process.emitWarning = emitWarning
      return `${plural(calls, 'call')}, ${error === undefined ? 'succeeds' : 'fails'}`
    },
    async queue() {
      const subject = pipeline('queue', [bulkhead({ maxConcurrent: 1, maxQueued: 1 })])
      const abort = new AbortController()
      const first = subject.execute(() => wait(50))
      const queued = errorOf(subject.execute(() => 1, { signal: abort.signal }))
      abort.abort(REASON)
      const next = await errorOf(subject.execute(() => 2))
      await Promise.all([first, queued])
      return next === undefined ? 'its place is free' : 'it keeps its place'
    },
    async jitter() {
      const backoff = exponential({ initial: 10, factor: 5, max: 1e6, jitter: 'full' })
      const delays = [1, 2, 3].map((attempt) =>
        Math.round(backoff({ attempt, previous: 0, error: undefined, random: () => 0.999_999 })),
      )
      return `${delays.join(', ')} ms`
    },
    async attempts() {
      let calls = 0
      await errorOf(
        pipeline('attempts', [retry({ maxAttempts: 3, backoff: constant(1) })]).execute(() => {
          calls++
          return fails()
        }),
      )
      return plural(calls, 'call')
    },
    async error() {
      const subject = pipeline('orders', [breaker()])
      await errorOf(subject.execute(fails))
      return telling(await errorOf(subject.execute(() => 1)), 'menu')
    },
    async cost() {
      const window = new TimeWindow(1_000_000)
      for (let call = 0; call < 50_000; call++) window.record(call, true, false)
      return await cost(1_000, () => {
        window.record(50_000, true, false)
        return window.read(50_000)
      })
    },
    async tooLong() {
      const again = await retriedAfter('2', 200)
      if (again === undefined) return 'gives up'
      return again < 1_900 ? 'calls again too early' : 'calls again in time'
    },
    async date() {
      const again = await retriedAfter(new Date(Date.now() + 2_000).toUTCString(), 30_000)
      return (again ?? 0) > 900 ? 'read' : 'ignored'
    },
  },
}
