import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type AnyPolicy,
  adaptiveLimit,
  bulkhead,
  cache,
  circuitBreaker,
  coalesce,
  constant,
  fallback,
  hedge,
  inject,
  pipeline,
  rateLimit,
  retry,
  timeout,
} from '../../src/index.ts'
import { after, fails, hangs, type Step, script, stubbornly, succeeds, virtualWorld } from '../../src/testing/index.ts'
import { check } from '../check.ts'

/** Every policy, made so that it waits somewhere. */
const POLICIES: Record<string, () => AnyPolicy> = {
  timeout: () => timeout(40),
  cooperative: () => timeout({ limit: 40, abandon: false }),
  retry: () => retry({ maxAttempts: 3, backoff: constant(15) }),
  breaker: () => circuitBreaker({ minimumCalls: 3, openFor: 50, slowCall: 20 }),
  bulkhead: () => bulkhead({ maxConcurrent: 1, maxQueued: 3 }),
  rateLimit: () => rateLimit({ limit: 50, maxWait: 100 }),
  adaptive: () => adaptiveLimit({ min: 1, initial: 2, max: 3 }),
  fallback: () => fallback(() => new Promise((resolve) => queueMicrotask(() => resolve('fallback')))),
  hedge: () => hedge({ after: 10 }),
  cache: () => cache({ ttl: 5, staleWhileRevalidate: 20, staleIfError: 20 }),
  coalesce: () => coalesce(),
  inject: () => inject({ latency: 12, rate: 0.5 }),
}
const STEPS: Record<string, Step> = {
  succeeds: succeeds(),
  fails: fails(),
  slow: after(25, succeeds()),
  slowFailure: after(25, fails()),
  hangs: hangs(),
  stubborn: stubbornly(30, succeeds()),
}

const plan = fc.record({
  policies: fc.array(fc.constantFrom(...Object.keys(POLICIES)), { minLength: 1, maxLength: 5 }),
  calls: fc.array(
    fc.record({
      steps: fc.array(fc.constantFrom(...Object.keys(STEPS)), { minLength: 1, maxLength: 3 }),
      at: fc.integer({ min: 0, max: 60 }),
      cancelAt: fc.option(fc.integer({ min: 0, max: 120 })),
      deadlineAt: fc.option(fc.integer({ min: 1, max: 200 })),
    }),
    { minLength: 1, maxLength: 6 },
  ),
})

/**
 * Whatever is composed, whenever a call is cancelled: it settles at that very moment with the caller's reason, and once
 * all work has ended no place, no timer and no waiter is left.
 */
test('cancellation at any moment, in any composition', async () => {
  await check(
    fc.asyncProperty(plan, async ({ policies, calls }) => {
      const world = virtualWorld()
      const made = policies.map((name) => POLICIES[name]!())
      const subject = pipeline('any', made, { world })
      const outcomes = calls.map(async ({ steps, at, cancelAt, deadlineAt }) => {
        const cancel = new AbortController()
        await new Promise<void>((resolve) => world.setTimer(at, resolve))
        let cancelledAt = Number.POSITIVE_INFINITY
        const patience = cancelAt ?? 400
        world.setTimer(patience, () => {
          cancelledAt = world.now()
          cancel.abort('cancelled')
        })
        const deadline = deadlineAt === null ? undefined : world.epoch() + deadlineAt
        const run = script(world, ...steps.map((name) => STEPS[name]!))
        await subject.execute(run, { signal: cancel.signal, deadline, key: 'a' } as object).catch(() => {})
        expect(world.now()).toBeLessThanOrEqual(Math.min(cancelledAt, at + patience, at + (deadlineAt ?? 1e9)))
      })
      await world.until(Promise.all(outcomes))
      await world.advance(2_000)
      expect(subject.inFlight).toBe(0)
      for (const { metrics } of subject.metrics().policies) {
        expect(metrics.inFlight ?? 0).toBe(0)
        expect(metrics.queued ?? 0).toBe(0)
        expect(metrics.waiting ?? 0).toBe(0)
      }
      expect(world.pending).toBe(0)
    }),
    200,
  )
})
