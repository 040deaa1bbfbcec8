import { getEventListeners } from 'node:events'
import {
  BulkheadPolicy,
  CircuitState,
  ConsecutiveBreaker,
  ConstantBackoff,
  circuitBreaker,
  ExponentialBackoff,
  fullJitterGenerator,
  handleAll,
  handleWhen,
  retry,
  SamplingBreaker,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel'
import { cancelled, cost, errorOf, isSettled, type Peer, plural, REASON, telling, wait } from './hazard.ts'

const fails = async () => {
  throw new Error('down')
}
const hangs = () => new Promise<never>(() => {})

function untilAborted({ signal }: { signal: AbortSignal }): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}

/** Opens at the first failure, half-open 50 ms later. */
function breaker() {
  return circuitBreaker(handleAll, { halfOpenAfter: 50, breaker: new ConsecutiveBreaker(1) })
}

async function halfOpen() {
  const policy = breaker()
  await errorOf(policy.execute(fails))
  await wait(70)
  return policy
}

async function survives(limit: number): Promise<string> {
  const policy = timeout(limit, TimeoutStrategy.Aggressive)
  const error = await errorOf(policy.execute(() => wait(50)))
  return error === undefined ? 'does not fire' : 'fires at once'
}

export const cockatiel: Peer = {
  name: 'cockatiel',
  results: {
    async backoff() {
      let calls = 0
      const policy = retry(handleAll, { maxAttempts: 1, backoff: new ConstantBackoff(100) })
      const abort = new AbortController()
      const call = policy.execute(() => {
        calls++
        return fails()
      }, abort.signal)
      await wait(10)
      abort.abort(REASON)
      const early = await isSettled(call, 30)
      await errorOf(call)
      return `${early ? 'ends at once' : 'waits on'}, ${plural(calls, 'call')}`
    },
    async before() {
      let calls = 0
      const policy = wrap(retry(handleAll, {}), timeout(1_000, TimeoutStrategy.Cooperative))
      await errorOf(policy.execute(() => calls++, AbortSignal.abort(REASON)))
      return plural(calls, 'call')
    },
    async success() {
      const policy = timeout(50, TimeoutStrategy.Cooperative)
      const signal = await policy.execute((context) => context.signal)
      await wait(100)
      return signal.aborted ? 'aborted' : 'not aborted'
    },
    async shared() {
      const { signal } = new AbortController()
      const policy = timeout(60_000, TimeoutStrategy.Cooperative)
      for (let call = 0; call < 1_000; call++) policy.execute(hangs, signal)
      return plural(getEventListeners(signal, 'abort').length, 'listener')
    },
    async cancel() {
      const policy = timeout(1_000, TimeoutStrategy.Aggressive)
      const abort = new AbortController()
      const call = errorOf(policy.execute(hangs, abort.signal))
      abort.abort(REASON)
      return cancelled(await call)
    },
    infinity: () => survives(Number.POSITIVE_INFINITY),
    long: () => survives(2 ** 31 + 1_000),
    async stale() {
      const policy = breaker()
      const old = errorOf(policy.execute(() => wait(90).then(fails)))
      await errorOf(policy.execute(fails))
      await wait(60)
      const trial = errorOf(policy.execute(() => wait(80)))
      await old
      const { state } = policy
      await trial
      return state === CircuitState.HalfOpen ? 'ignored' : 'opens again'
    },
    async trial() {
      const abort = new AbortController()
      const policy = circuitBreaker(
        handleWhen((error) => error !== REASON),
        { halfOpenAfter: 50, breaker: new ConsecutiveBreaker(1) },
      )
      await errorOf(policy.execute(fails))
      await wait(70)
      const trial = errorOf(policy.execute(untilAborted, abort.signal))
      abort.abort(REASON)
      await trial
      return policy.state === CircuitState.Closed ? 'closes the circuit' : 'decides nothing'
    },
    async parked() {
      const policy = await halfOpen()
      const trial = policy.execute(() => wait(100))
      const others = Array.from({ length: 100 }, () => policy.execute(() => 1))
      const settled = await Promise.all(others.map((call) => isSettled(call, 20)))
      await Promise.allSettled([trial, ...others])
      return `${settled.filter((done) => !done).length} wait`
    },
    async isolated() {
      const policy = breaker()
      policy.isolate()
      const restarted = circuitBreaker(handleAll, {
        halfOpenAfter: 50,
        breaker: new ConsecutiveBreaker(1),
        initialState: policy.toJSON(),
      })
      await wait(100)
      return (await errorOf(restarted.execute(() => 1))) === undefined ? 'closed' : 'isolated, by nobody'
    },
    async old() {
      const policy = circuitBreaker(handleAll, {
        halfOpenAfter: 60_000,
        breaker: new SamplingBreaker({ threshold: 0.5, duration: 100, minimumRps: 100 }),
      })
      for (let call = 0; call < 9; call++) await errorOf(policy.execute(fails))
      await wait(400)
      await errorOf(policy.execute(fails))
      return policy.state === CircuitState.Open ? 'open' : 'closed'
    },
    async listener() {
      let calls = 0
      const inner = circuitBreaker(handleAll, { halfOpenAfter: 50, breaker: new ConsecutiveBreaker(100) })
      inner.onSuccess(() => {
        throw new Error('listener')
      })
      const policy = wrap(retry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(1) }), inner)
      const error = await errorOf(policy.execute(() => calls++))
      return `${plural(calls, 'call')}, ${error === undefined ? 'succeeds' : 'fails'}`
    },
    async queue() {
      const policy = new BulkheadPolicy(1, 1)
      const abort = new AbortController()
      const first = policy.execute(() => wait(50))
      const queued = errorOf(policy.execute(() => 1, abort.signal))
      abort.abort(REASON)
      const next = await errorOf(policy.execute(() => 2))
      await Promise.all([first, queued])
      return next === undefined ? 'its place is free' : 'it keeps its place'
    },
    async jitter() {
      const { random } = Math
      Math.random = () => 0.999_999
      try {
        let step = new ExponentialBackoff({
          generator: fullJitterGenerator,
          initialDelay: 10,
          exponent: 5,
          maxDelay: 1e6,
        }).next()
        const delays: number[] = []
        for (let attempt = 0; attempt < 3; attempt++) {
          delays.push(Math.round(step.duration))
          step = step.next(undefined)
        }
        return `${delays.join(', ')} ms`
      } finally {
        Math.random = random
      }
    },
    async attempts() {
      let calls = 0
      const policy = retry(handleAll, { maxAttempts: 3, backoff: new ConstantBackoff(1) })
      await errorOf(
        policy.execute(() => {
          calls++
          return fails()
        }),
      )
      return plural(calls, 'call')
    },
    async error() {
      const policy = breaker()
      await errorOf(policy.execute(fails))
      return telling(await errorOf(policy.execute(() => 1)), 'menu')
    },
    async cost() {
      const sampling = new SamplingBreaker({ threshold: 0.999_999, duration: 1_000_000, minimumRps: 1e6 })
      for (let call = 0; call < 50_000; call++) sampling.failure(CircuitState.Closed)
      return await cost(1_000, () => sampling.failure(CircuitState.Closed))
    },
  },
}
