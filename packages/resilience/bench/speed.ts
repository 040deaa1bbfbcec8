import CircuitBreaker from 'opossum'
import { TimeWindow } from '../src/policies/circuit-breaker/health/time-window.ts'
import { compare, median, toRows } from './measure.ts'
import type { Row } from './report.ts'
import * as subjects from './subjects.ts'

const succeeds = async () => 1
const fails = async () => {
  throw new Error('down')
}

const rows: Row[] = [
  ...(await compare('Success: retry + circuit breaker + timeout + bulkhead', {
    'bare await fn()': succeeds,
    'raced, no policy': bound(subjects.raced(), succeeds),
    'raced, no policy, one clock reading': bound(subjects.racedAndTimed(), succeeds),
    'this library': bound(subjects.ours(), succeeds),
    'this library, with a listener': bound(subjects.oursObserved(), succeeds),
    'this library, fn reads its signal': bound(subjects.oursWithSignal(), succeeds),
    'cockatiel, the same four': bound(subjects.theirs(), succeeds),
    'opossum with timeout': bound(subjects.opossum(), succeeds),
    'opossum without timeout': bound(subjects.opossumWithoutTimeout(), succeeds),
    'p-retry (retry alone)': bound(subjects.pRetried(), succeeds),
  })),
  ...(await compare('The same with /otel attached', {
    'without /otel': bound(subjects.ours(), succeeds),
    'with /otel': bound(subjects.oursExported('counters'), succeeds),
    'with /otel, no durations': bound(subjects.oursExported('none'), succeeds),
    'with /otel, durations in a histogram of the SDK': bound(subjects.oursExported('histogram'), succeeds),
  })),
  ...(await compare('Failure: one attempt, rejected', {
    'bare reject and catch': caught(fails),
    'this library': caught(bound(subjects.ours(1), fails)),
    'cockatiel, the same four': caught(bound(subjects.theirs(0), fails)),
  })),
  ...(await compare('Open circuit', {
    'bare reject and catch': caught(fails),
    'this library': caught(bound(subjects.oursOpen(), succeeds)),
    'cockatiel, the same four': caught(bound(subjects.theirsOpen(), succeeds)),
  })),
  ...(await inFlight('this library', subjects.ours())),
  ...(await inFlight('cockatiel', subjects.theirs(), 3)),
  ...failingWindow(),
]
console.log(JSON.stringify(rows))
process.exit(0)

function bound(subject: subjects.Subject, fn: () => Promise<unknown>): () => Promise<unknown> {
  return () => subject(fn)
}

function caught(run: () => Promise<unknown>): () => Promise<void> {
  return async () => {
    try {
      await run()
    } catch {}
  }
}

/** All of them started, then all ended: what each costs from start to end. */
async function inFlight(name: string, subject: subjects.Subject, count = 7): Promise<Row[]> {
  const group = `${name}: calls in flight at once`
  const costs: [string, number][] = []
  for (const atOnce of [1, 100, 20_000]) {
    const rounds: number[] = []
    const batches = Math.max(1, 10_000 / atOnce)
    for (let round = 0; round < count; round++) {
      const start = process.threadCpuUsage()
      for (let batch = 0; batch < batches; batch++) await together(subject, atOnce)
      const { user, system } = process.threadCpuUsage(start)
      if (round > 0) rounds.push(((user + system) * 1_000) / (batches * atOnce))
    }
    costs.push([`${atOnce} at once`, median(rounds)])
  }
  return toRows(group, 'ns', costs)
}

async function together(subject: subjects.Subject, atOnce: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const fn = async () => {
    await promise
  }
  const calls: Promise<unknown>[] = []
  for (let call = 0; call < atOnce; call++) calls.push(subject(fn))
  resolve()
  await Promise.all(calls)
}

/** What one more failure costs a breaker that has a million calls in its window. */
function failingWindow(): Row[] {
  const window = new TimeWindow(10_000_000)
  for (let call = 0; call < 1_000_000; call++) window.record(call, true, false)
  const rounds: number[] = []
  for (let round = 0; round < 5; round++) {
    const start = process.threadCpuUsage()
    for (let call = 0; call < 2_000_000; call++) {
      window.record(1_000_000 + call, true, false)
      window.read(1_000_000 + call)
    }
    const { user, system } = process.threadCpuUsage(start)
    rounds.push(((user + system) * 1_000) / 2_000_000)
  }
  return toRows('A failure recorded and judged with 1 000 000 calls in the window', 'ns', [
    ['this library', median(rounds)],
    ['opossum, 50 000 calls in the window', opossumFailure()],
  ])
}

function opossumFailure(): number {
  const breaker = new CircuitBreaker(succeeds, { rollingCountTimeout: 1_000_000, rollingCountBuckets: 1 })
  for (let call = 0; call < 50_000; call++) breaker.status.increment('failures', 5)
  const start = process.threadCpuUsage()
  let failures = 0
  for (let call = 0; call < 20; call++) {
    breaker.status.increment('failures', 5)
    failures = breaker.status.stats.failures
  }
  const { user, system } = process.threadCpuUsage(start)
  breaker.shutdown()
  if (failures < 50_000) throw new Error('opossum has forgotten its failures')
  return ((user + system) * 1_000) / 20
}
