import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bulkhead, type Priority, pipeline, rateLimit } from '../../src/index.ts'
import { virtualWorld } from '../../src/testing/index.ts'
import { check } from '../check.ts'

const load = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 300 }),
    takes: fc.integer({ min: 0, max: 80 }),
    cancelAfter: fc.option(fc.integer({ min: 0, max: 100 })),
    priority: fc.constantFrom<Priority | undefined>(undefined, undefined, 'critical', 'high', 'normal', 'low'),
  }),
  { minLength: 1, maxLength: 40, size: 'max' },
)

interface Call {
  at: number
  takes: number
  cancelAfter: number | null
  priority: Priority | undefined
}

async function play(subject: ReturnType<typeof pipeline>, world: ReturnType<typeof virtualWorld>, calls: Call[]) {
  const started: { call: Call; at: number }[] = []
  const refused: { call: Call; at: number }[] = []
  let cancelled = 0
  let inFlight = 0
  let mostInFlight = 0
  const ends = calls.map(async (call) => {
    const { at, takes, cancelAfter, priority } = call
    const cancel = new AbortController()
    await new Promise<void>((resolve) => world.setTimer(at, resolve))
    if (cancelAfter !== null) world.setTimer(cancelAfter, () => cancel.abort('cancelled'))
    let isStarted = false
    const work = async () => {
      isStarted = true
      started.push({ call, at: world.now() })
      mostInFlight = Math.max(mostInFlight, ++inFlight)
      await new Promise<void>((resolve) => world.setTimer(takes, resolve))
      inFlight--
    }
    await subject.execute(work, { signal: cancel.signal, priority }).catch((error) => {
      if (error !== 'cancelled') refused.push({ call, at: world.now() })
      else if (!isStarted) cancelled++
    })
  })
  await world.until(Promise.all(ends))
  await world.advance(1_000)
  expect(started.length + refused.length + cancelled).toBe(calls.length)
  return { started, refused, mostInFlight }
}

/** First come, first served: within one priority, calls start in the order in which they came. */
function expectOrderWithinPriorities(started: { call: Call }[], calls: Call[]) {
  const order = (call: Call) => calls.toSorted((a, b) => a.at - b.at).indexOf(call)
  for (const priority of ['critical', 'high', 'normal', 'low']) {
    const turns = started.filter(({ call }) => (call.priority ?? 'normal') === priority).map(({ call }) => order(call))
    expect(turns).toEqual(turns.toSorted((a, b) => a - b))
  }
}

test('a bulkhead never exceeds its bound and never loses a waiter', async () => {
  const bounds = fc.record({ maxConcurrent: fc.integer({ min: 1, max: 5 }), maxQueued: fc.integer({ min: 0, max: 6 }) })
  await check(
    fc.asyncProperty(load, bounds, async (calls, options) => {
      const world = virtualWorld()
      const places = bulkhead(options)
      const { started, refused, mostInFlight } = await play(pipeline('model', [places], { world }), world, calls)
      expect(mostInFlight).toBeLessThanOrEqual(options.maxConcurrent)
      expectOrderWithinPriorities(started, calls)
      expect(places.metrics()).toMatchObject({ inFlight: 0, queued: 0, rejections: refused.length })
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
          const span = started[last]!.at - started[first]!.at
          expect(last - first + 1).toBeLessThanOrEqual(burst + Math.floor(span / spacing + 1e-6))
        }
      expectOrderWithinPriorities(started, calls)
      for (const { call, at } of [...started, ...refused])
        expect(at - call.at).toBeLessThanOrEqual(chosen.maxWait + 1e-6)
      expect(policy.metrics()).toMatchObject({ waiting: 0, rejections: refused.length })
    }),
    150,
  )
})
