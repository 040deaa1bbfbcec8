import fc from 'fast-check'
import { expect, test } from 'vitest'
import { adaptiveLimit, cache, coalesce, hedge, pipeline, retryBudget } from '../../src/index.ts'
import { virtualWorld } from '../../src/testing/index.ts'
import { check } from '../check.ts'

/** Times are apart by construction: what happens at one and the same moment has no order to expect. */
const callers = fc
  .array(
    fc.record({
      key: fc.constantFrom('a', 'b'),
      gap: fc.integer({ min: 0, max: 12 }),
      takes: fc.integer({ min: 1, max: 40 }),
      fails: fc.boolean(),
      leavesAfter: fc.option(fc.integer({ min: 0, max: 30 })),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((calls) => {
    let time = 0
    return calls.map(({ gap, takes, leavesAfter, ...call }, index) => {
      time += gap * 100 + 1
      const leavesAt = leavesAfter === null ? Number.POSITIVE_INFINITY : time + leavesAfter * 100 + 0.25
      return { ...call, id: index, at: time, takes: takes * 100 + 0.5, leavesAt }
    })
  })

interface Run {
  key: string
  startedBy: number
  endsAt: number
  fails: boolean
  lastLeaves: number
}

/** Which calls of the function there are, and which of them each caller is part of. */
function expectedRuns(
  calls: { id: number; key: string; at: number; takes: number; fails: boolean; leavesAt: number }[],
) {
  const runs: Run[] = []
  const runOf = calls.map((call) => {
    const shared = runs.find(
      ({ key, endsAt, lastLeaves }) => key === call.key && call.at < Math.min(endsAt, lastLeaves),
    )
    if (shared !== undefined) {
      shared.lastLeaves = Math.max(shared.lastLeaves, call.leavesAt)
      return shared
    }
    const { id, key, at, takes, fails, leavesAt } = call
    const run = { key, startedBy: id, endsAt: at + takes, fails, lastLeaves: leavesAt }
    runs.push(run)
    return run
  })
  return { runs, runOf }
}

test('coalesce: one call of the function for all that overlap, its outcome for all that stay, its signal when none does', async () => {
  await check(
    fc.asyncProperty(callers, async (calls) => {
      const world = virtualWorld()
      const subject = pipeline('shared', [coalesce()], { world })
      const started: number[] = []
      const aborted: number[] = []
      const outcomes = calls.map(async ({ id, key, at, takes, fails, leavesAt }) => {
        await new Promise<void>((resolve) => world.setTimer(at, resolve))
        const leave = new AbortController()
        if (Number.isFinite(leavesAt)) world.setTimer(leavesAt - at, () => leave.abort('left'))
        const work = ({ signal }: { signal: AbortSignal }) => {
          started.push(id)
          signal.addEventListener('abort', () => aborted.push(id))
          return new Promise((resolve, reject) =>
            world.setTimer(takes, () => (fails ? reject(`failed ${id}`) : resolve(`done ${id}`))),
          )
        }
        return subject.execute(work, { key, signal: leave.signal }).catch((error: unknown) => error)
      })
      const actual = await world.until(Promise.all(outcomes))
      const { runs, runOf } = expectedRuns(calls)
      expect(started).toEqual(runs.map(({ startedBy }) => startedBy))
      expect(actual).toEqual(
        calls.map(({ leavesAt }, index) => {
          const { endsAt, fails, startedBy } = runOf[index]!
          if (leavesAt < endsAt) return 'left'
          return fails ? `failed ${startedBy}` : `done ${startedBy}`
        }),
      )
      const abandoned = runs.filter(({ endsAt, lastLeaves }) => lastLeaves < endsAt)
      expect(aborted.toSorted()).toEqual(abandoned.map(({ startedBy }) => startedBy).toSorted())
    }),
    200,
  )
})

test('hedge: as many attempts as the delay asks for, the first good outcome, every loser cancelled', async () => {
  const attempts = fc.array(fc.record({ takes: fc.integer({ min: 0, max: 30 }), fails: fc.boolean() }), {
    minLength: 5,
    maxLength: 5,
  })
  const bounds = fc.record({ delay: fc.integer({ min: 1, max: 10 }), maxAttempts: fc.integer({ min: 1, max: 5 }) })
  await check(
    fc.asyncProperty(
      attempts,
      bounds,
      fc.integer({ min: 0, max: 4 }),
      async (plan, { delay, maxAttempts }, allowed) => {
        const world = virtualWorld()
        const budget = retryBudget({ tokens: 100, retryCost: 1 })
        for (let spent = allowed; spent < 100; spent++) budget.tryExtra(0, 'error')
        const subject = pipeline('hedged', [hedge({ after: delay * 100, maxAttempts, budget })], { world })
        const aborted: number[] = []
        let calls = 0
        const outcome = subject
          .execute(({ attempt, signal }) => {
            calls++
            signal.addEventListener('abort', () => aborted.push(attempt))
            const { takes, fails } = plan[attempt - 1]!
            return new Promise<number>((resolve, reject) =>
              world.setTimer(takes * 100 + 50 + attempt, () => (fails ? reject(-attempt) : resolve(attempt))),
            )
          })
          .catch((error: unknown) => error)
        const actual = await world.until(outcome)
        const settledAt = world.now()
        await world.advance(10_000)

        const most = Math.min(maxAttempts, 1 + allowed)
        const all = plan.slice(0, most).map(({ takes, fails }, index) => {
          const startsAt = index * delay * 100
          return { attempt: index + 1, startsAt, endsAt: startsAt + takes * 100 + 51 + index, fails }
        })
        const settles = (made: typeof all) => {
          const good = made.filter(({ fails }) => !fails).toSorted((a, b) => a.endsAt - b.endsAt)[0]
          return good ?? made.toSorted((a, b) => b.endsAt - a.endsAt)[0]!
        }
        // An attempt starts only while those before it have not settled the call.
        let made = all.slice(0, 1)
        for (const next of all.slice(1)) {
          if (next.startsAt >= settles(made).endsAt) break
          made = [...made, next]
        }
        const decisive = settles(made)
        expect(calls).toBe(made.length)
        expect(settledAt).toBe(decisive.endsAt)
        expect(actual).toBe(decisive.fails ? -decisive.attempt : decisive.attempt)
        const losers = made.filter(({ endsAt }) => endsAt > decisive.endsAt).map(({ attempt }) => attempt)
        expect(aborted.toSorted()).toEqual(losers)
      },
    ),
    300,
  )
})

test('cache: never more entries than allowed, no value older than its rules, none of another key', async () => {
  const rules = fc.record({
    ttl: fc.integer({ min: 0, max: 50 }),
    staleWhileRevalidate: fc.integer({ min: 0, max: 50 }),
    staleIfError: fc.integer({ min: 0, max: 50 }),
    maxEntries: fc.integer({ min: 1, max: 3 }),
  })
  const asked = fc.array(
    fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), gap: fc.integer({ min: 0, max: 40 }), fails: fc.boolean() }),
    { minLength: 1, maxLength: 60 },
  )
  await check(
    fc.asyncProperty(rules, asked, async (options, requests) => {
      const world = virtualWorld()
      const policy = cache(options)
      const subject = pipeline('cached', [policy], { world })
      for (const { key, gap, fails } of requests) {
        await world.advance(gap)
        const work = async () => {
          if (fails) throw new Error('down')
          return { key, at: world.now() }
        }
        const value = await subject.execute(work, { key }).catch(() => undefined)
        expect(policy.metrics().entries).toBeLessThanOrEqual(options.maxEntries)
        if (value === undefined) continue
        const oldest = options.ttl + Math.max(options.staleWhileRevalidate, fails ? options.staleIfError : 0)
        expect(value.key).toBe(key)
        expect(world.now() - value.at).toBeLessThanOrEqual(oldest)
      }
    }),
    200,
  )
})

test.each(['gradient', 'aimd'] as const)(
  'adaptiveLimit, %s: never more in flight than its limit, which keeps its bounds',
  async (algorithm) => {
    const bounds = fc.record({ min: fc.integer({ min: 1, max: 5 }), span: fc.integer({ min: 0, max: 20 }) })
    const load = fc.array(
      fc.record({
        count: fc.integer({ min: 1, max: 30 }),
        takes: fc.integer({ min: 0, max: 300 }),
        fails: fc.boolean(),
      }),
      { minLength: 1, maxLength: 25 },
    )
    await check(
      fc.asyncProperty(bounds, load, async ({ min, span }, bursts) => {
        const world = virtualWorld()
        const max = min + span
        const policy = adaptiveLimit({
          algorithm,
          min,
          max,
          initial: max,
          sampleWindow: 10,
          slowCall: 100,
          handleError: () => true,
        })
        const subject = pipeline('limited', [policy], { world })
        let inFlight = 0
        const calls: Promise<unknown>[] = []
        for (const { count, takes, fails } of bursts) {
          for (let call = 0; call < count; call++)
            calls.push(
              subject
                .execute(async () => {
                  inFlight++
                  expect(inFlight).toBeLessThanOrEqual(policy.limit)
                  await new Promise<void>((resolve) => world.setTimer(takes, resolve))
                  inFlight--
                  if (fails) throw new Error('down')
                })
                .catch(() => {}),
            )
          await world.advance(50)
          expect(policy.limit).toBeGreaterThanOrEqual(min)
          expect(policy.limit).toBeLessThanOrEqual(max)
        }
        await world.until(Promise.all(calls))
        expect([policy.inFlight, inFlight]).toEqual([0, 0])
      }),
      100,
    )
  },
)
