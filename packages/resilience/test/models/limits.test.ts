import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bulkhead, pipeline, rateLimit } from '../../src/index.ts'
import { virtualWorld } from '../../src/testing/index.ts'
import { check } from '../check.ts'

const load = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 300 }),
    takes: fc.integer({ min: 0, max: 80 }),
    cancelAfter: fc.option(fc.integer({ min: 0, max: 100 })),
  }),
  { minLength: 1, maxLength: 40 },
)

function play(subject: ReturnType<typeof pipeline>, world: ReturnType<typeof virtualWorld>, calls: Calls) {
  const started: number[] = []
  const refused: number[] = []
  let inFlight = 0
  let mostInFlight = 0
  const ends = calls.map(async ({ at, takes, cancelAfter }) => {
    const cancel = new AbortController()
    await new Promise<void>((resolve) => world.setTimer(at, resolve))
    if (cancelAfter !== null) world.setTimer(cancelAfter, () => cancel.abort('cancelled'))
    const work = async () => {
      started.push(world.now())
      mostInFlight = Math.max(mostInFlight, ++inFlight)
      await new Promise<void>((resolve) => world.setTimer(takes, resolve))
      inFlight--
    }
    await subject.execute(work, { signal: cancel.signal }).catch((error) => error !== 'cancelled' && refused.push(at))
  })
  const run = world.until(Promise.all(ends)).then(() => world.advance(1_000))
  return run.then(() => ({ started, refused, mostInFlight }))
}
type Calls = { at: number; takes: number; cancelAfter: number | null }[]

test('a bulkhead never exceeds its bound and never loses a waiter', async () => {
  const bounds = fc.record({ maxConcurrent: fc.integer({ min: 1, max: 5 }), maxQueued: fc.integer({ min: 0, max: 6 }) })
  await check(
    fc.asyncProperty(load, bounds, async (calls, options) => {
      const world = virtualWorld()
      const places = bulkhead(options)
      const { started, refused, mostInFlight } = await play(pipeline('model', [places], { world }), world, calls)
      expect(mostInFlight).toBeLessThanOrEqual(options.maxConcurrent)
      expect(places.metrics()).toMatchObject({ inFlight: 0, queued: 0, rejections: refused.length })
      const patient = calls.filter(({ cancelAfter }) => cancelAfter === null).length
      expect(started.length + refused.length).toBeGreaterThanOrEqual(patient)
    }),
    150,
  )
})

test('a rate limit never lets more through than its rate and burst allow, in any span of time', async () => {
  const options = fc.record({
    limit: fc.integer({ min: 1, max: 20 }),
    interval: fc.integer({ min: 50, max: 500 }),
    kind: fc.constantFrom('smooth' as const, 'bursty' as const),
    maxWait: fc.constantFrom(0, 50, Number.POSITIVE_INFINITY),
  })
  await check(
    fc.asyncProperty(load, options, async (calls, chosen) => {
      const world = virtualWorld()
      const policy = rateLimit(chosen)
      const { started, refused } = await play(pipeline('model', [policy], { world }), world, calls)
      const burst = chosen.kind === 'bursty' ? chosen.limit : 1
      const spacing = chosen.interval / chosen.limit
      for (let first = 0; first < started.length; first++)
        for (let last = first; last < started.length; last++) {
          const span = started[last]! - started[first]!
          expect(last - first + 1).toBeLessThanOrEqual(burst + Math.floor(span / spacing + 1e-6))
        }
      expect(policy.metrics()).toMatchObject({ waiting: 0, rejections: refused.length })
    }),
    150,
  )
})
