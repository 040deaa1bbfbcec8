import fc from 'fast-check'
import { expect, test } from 'vitest'
import { constant, exponential, linear, pipeline, retry } from '../../src/index.ts'
import { fails, script, virtualWorld } from '../../src/testing/index.ts'
import { check } from '../check.ts'

const ms = fc.integer({ min: 0, max: 5_000 })
const jitter = fc.constantFrom('none' as const, 'full' as const, 'equal' as const)
const backoff = fc.oneof(
  fc.record({ delay: ms, jitter }).map(({ delay, jitter }) => ({
    backoff: constant(delay, { jitter }),
    bounds: () => bounds(delay, jitter),
  })),
  fc.record({ initial: ms, increment: ms, max: ms, jitter }).map((options) => ({
    backoff: linear(options),
    bounds: (attempt: number) =>
      bounds(Math.min(options.max, options.initial + options.increment * (attempt - 1)), options.jitter),
  })),
  fc.record({ initial: ms, factor: fc.double({ min: 1, max: 5, noNaN: true }), max: ms, jitter }).map((options) => ({
    backoff: exponential(options),
    bounds: (attempt: number) =>
      bounds(Math.min(options.max, options.initial * options.factor ** (attempt - 1)), options.jitter),
  })),
  fc.record({ initial: ms, max: ms }).map((options) => ({
    backoff: exponential({ ...options, jitter: 'decorrelated' }),
    bounds: () => [Math.min(options.initial, options.max), options.max] as const,
  })),
)

function bounds(delay: number, jitter: 'none' | 'full' | 'equal'): readonly [number, number] {
  return [jitter === 'none' ? delay : jitter === 'equal' ? delay / 2 : 0, delay]
}

test('attempts and delays keep within their bounds, whatever the options', async () => {
  const options = fc.record({
    maxAttempts: fc.integer({ min: 1, max: 8 }),
    maxElapsed: fc.constantFrom(0, 500, 3_000, Number.POSITIVE_INFINITY),
    retryAfter: fc.option(ms),
    deadline: fc.option(fc.integer({ min: 1, max: 20_000 })),
    seed: fc.nat(),
  })
  await check(
    fc.asyncProperty(backoff, options, async ({ backoff, bounds }, chosen) => {
      const world = virtualWorld({ seed: chosen.seed })
      const { maxAttempts, maxElapsed } = chosen
      const subject = pipeline('model', [retry({ maxAttempts, maxElapsed, backoff })], { world })
      const run = script(world, fails(chosen.retryAfter === null ? 'down' : { retryAfter: chosen.retryAfter }))
      const deadline = chosen.deadline === null ? undefined : world.epoch() + chosen.deadline
      await world.until(subject.execute(run, { deadline }).catch(() => {}))
      const starts = run.calls.map(({ at }) => at)
      expect(starts.length).toBeLessThanOrEqual(maxAttempts)
      expect(starts.at(-1)).toBeLessThanOrEqual(maxElapsed)
      expect(starts.at(-1)).toBeLessThan(chosen.deadline ?? Number.POSITIVE_INFINITY)
      const unlimited = maxElapsed === Number.POSITIVE_INFINITY && chosen.deadline === null
      if (unlimited) expect(starts.length).toBe(maxAttempts)
      for (let retried = 1; retried < starts.length; retried++) {
        const delay = starts[retried]! - starts[retried - 1]!
        const [least, most] = bounds(retried)
        expect(delay).toBeGreaterThanOrEqual(Math.max(least, chosen.retryAfter ?? 0) - 1e-6)
        expect(delay).toBeLessThanOrEqual(Math.max(most, chosen.retryAfter ?? 0) + 1e-6)
      }
      expect(world.pending).toBe(0)
    }),
    300,
  )
})
