import CircuitBreaker from 'opossum'
import { cost, errorOf, isSettled, type Peer, plural, telling, wait } from './hazard.ts'

type Action = () => Promise<unknown>
const fails: Action = async () => {
  throw new Error('down')
}

/** Opens at the first failure, half-open 50 ms later. */
function breaker(options: Record<string, number | boolean | string> = {}) {
  return new CircuitBreaker((action: Action) => action(), {
    timeout: false,
    errorThresholdPercentage: 1,
    resetTimeout: 50,
    ...options,
  })
}

async function survives(limit: number): Promise<string> {
  const error = await errorOf(breaker({ timeout: limit }).fire(() => wait(50)))
  return error === undefined ? 'does not fire' : 'fires at once'
}

export const opossum: Peer = {
  name: 'opossum',
  results: {
    infinity: () => survives(Number.POSITIVE_INFINITY),
    long: () => survives(2 ** 31 + 1_000),
    async stale() {
      const subject = breaker()
      const old = errorOf(subject.fire(() => wait(90).then(fails)))
      await errorOf(subject.fire(fails))
      await wait(60)
      const trial = errorOf(subject.fire(() => wait(80)))
      await old
      const { opened } = subject
      await trial
      return opened ? 'opens again' : 'ignored'
    },
    async parked() {
      const subject = breaker()
      await errorOf(subject.fire(fails))
      await wait(70)
      const trial = subject.fire(() => wait(100))
      const others = Array.from({ length: 100 }, () => subject.fire(async () => 1))
      const settled = await Promise.all(others.map((call) => isSettled(call, 20)))
      await Promise.allSettled([trial, ...others])
      return `${settled.filter((done) => !done).length} wait`
    },
    async old() {
      const subject = breaker({
        errorThresholdPercentage: 50,
        volumeThreshold: 10,
        rollingCountTimeout: 100,
        resetTimeout: 60_000,
      })
      for (let call = 0; call < 9; call++) await errorOf(subject.fire(fails))
      await wait(400)
      await errorOf(subject.fire(fails))
      return subject.opened ? 'open' : 'closed'
    },
    async listener() {
      let calls = 0
      const subject = breaker()
      subject.on('success', () => {
        throw new Error('listener')
      })
      const error = await errorOf(subject.fire(async () => calls++))
      return `no retry; ${plural(calls, 'call')}, ${error === undefined ? 'succeeds' : 'fails'}`
    },
    async error() {
      const subject = breaker({ name: 'menu' })
      await errorOf(subject.fire(fails))
      return telling(await errorOf(subject.fire(async () => 1)), 'menu')
    },
    async cost() {
      const subject = breaker({ errorThresholdPercentage: 101, rollingCountTimeout: 1_000_000, rollingCountBuckets: 1 })
      for (let call = 0; call < 50_000; call++) subject.status.increment('failures', 5)
      return await cost(20, () => {
        subject.status.increment('failures', 5)
        return subject.status.stats.failures
      })
    },
  },
}
