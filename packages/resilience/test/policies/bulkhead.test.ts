import { expect, test } from 'vitest'
import { BulkheadFullError, bulkhead, pipeline, type ResilienceEvent, TimeoutError, timeout } from '../../src/index.ts'
import { after, script, succeeds, virtualWorld } from '../../src/testing/index.ts'

function setUp(options: Parameters<typeof bulkhead>[0]) {
  const world = virtualWorld()
  const places = bulkhead(options)
  const subject = pipeline('places', [places], { world })
  const run = (signal?: AbortSignal) => subject.execute(script(world, after(100, succeeds(world))), { signal })
  return { world, places, subject, run }
}

test('turns away what neither place nor queue has room for', async () => {
  const { world, places, run } = setUp({ maxConcurrent: 1, maxQueued: 1 })
  const calls = [run(), run()]
  await expect(run()).rejects.toThrow('1 calls are in flight and 1 more are queued')
  expect(places.metrics()).toMatchObject({ inFlight: 1, queued: 1, rejections: 1 })
  await world.until(Promise.all(calls))
  expect(places.metrics()).toMatchObject({ inFlight: 0, queued: 0 })
})

test('first come, first served', async () => {
  const { world, run } = setUp({ maxConcurrent: 2, maxQueued: 10 })
  const order: number[] = []
  await world.until(Promise.all(Array.from({ length: 8 }, (_, index) => run().then(() => order.push(index)))))
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(world.now()).toBe(400)
})

test('a call that is cancelled while it waits frees its place in the queue at once', async () => {
  const { world, places, run } = setUp({ maxConcurrent: 1, maxQueued: 1 })
  const first = run()
  const cancel = new AbortController()
  const waiting = run(cancel.signal)
  await world.advance(0)
  cancel.abort('enough')
  expect(places.queued).toBe(0)
  await expect(waiting).rejects.toBe('enough')
  const next = run()
  await world.until(Promise.all([first, next]))
})

test('waits no longer than maxWait', async () => {
  const { world, places, run } = setUp({ maxConcurrent: 1, maxQueued: 1, maxWait: 30 })
  const first = run()
  const second = run()
  await expect(world.until(second)).rejects.toBeInstanceOf(BulkheadFullError)
  expect(world.now()).toBe(30)
  expect(places.queued).toBe(0)
  await world.until(first)
})

test('a timeout around it ends the wait', async () => {
  const world = virtualWorld()
  const places = bulkhead({ maxConcurrent: 1, maxQueued: 5 })
  const subject = pipeline('places', [timeout(60), places], { world })
  const calls = [1, 2].map(() => subject.execute(script(world, after(50, succeeds()))))
  await expect(world.until(Promise.allSettled(calls))).resolves.toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: expect.any(TimeoutError) },
  ])
  await world.advance(100)
  expect(places.metrics()).toMatchObject({ inFlight: 0, queued: 0 })
})

test('more places let the queue in; fewer hold for what comes next', async () => {
  const { world, places, run } = setUp({ maxConcurrent: 1, maxQueued: 3 })
  const calls = [run(), run(), run()]
  places.reconfigure({ maxConcurrent: 3 })
  expect(places.inFlight).toBe(3)
  places.reconfigure({ maxConcurrent: 1 })
  await world.until(Promise.all(calls))
  expect(world.now()).toBe(100)
  const more = [run(), run()]
  expect(places.metrics()).toMatchObject({ inFlight: 1, queued: 1 })
  await world.until(Promise.all(more))
})

test('a rejection tells where and why, in its error and its event', async () => {
  const world = virtualWorld()
  const ovens = bulkhead({ maxConcurrent: 1, name: 'ovens' })
  const subject = pipeline('kitchen', [ovens], { world })
  const events: ResilienceEvent[] = []
  subject.subscribe((event) => events.push(event))
  const first = subject.execute(script(world, after(10, succeeds())))
  const error = await subject.execute(() => 1).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ pipeline: 'kitchen', policy: 'ovens', code: 'BULKHEAD_FULL' })
  expect(error).toHaveProperty('message', expect.stringContaining('1 calls are in flight and there is no queue'))
  expect(events.filter(({ type }) => type === 'rejection')).toEqual([
    { type: 'rejection', pipeline: 'kitchen', policy: 'ovens', error },
  ])
  await world.until(first)
})

test('a wait that was too long says how long it was', async () => {
  const { world, run } = setUp({ maxConcurrent: 1, maxQueued: 1, maxWait: 30 })
  const first = run()
  await expect(world.until(run())).rejects.toThrow('no place became free within 30 ms')
  await world.until(first)
})

test('its load counts places and queue', async () => {
  const { world, places, run } = setUp({ maxConcurrent: 1, maxQueued: 3, maxWait: Number.POSITIVE_INFINITY })
  expect(places.load).toBe(0)
  const calls = [run(), run()]
  expect(places.load).toBe(0.5)
  await world.until(Promise.all(calls))
})

test('reconfigure keeps what it is not given, and both check what they are', () => {
  const places = bulkhead({ maxConcurrent: 2, maxQueued: 3, maxWait: 30 })
  places.reconfigure({ maxConcurrent: 5 })
  expect([places.kind, places.name, places.maxWait]).toEqual(['bulkhead', 'bulkhead', 30])
  expect(places.metrics()).toMatchObject({ maxConcurrent: 5, maxQueued: 3 })
  places.reconfigure({ maxQueued: 0, maxWait: 40 })
  expect(places.maxWait).toBe(40)
  expect(places.metrics()).toMatchObject({ maxConcurrent: 5, maxQueued: 0 })
  expect(() => places.reconfigure({ maxQueued: -1 })).toThrow(/^bulkhead: .*maxQueued/)
  expect(() => bulkhead({ maxConcurrent: 0 })).toThrow(/^bulkhead: .*maxConcurrent/)
})

test('where the wait may be without end, it has no timer', async () => {
  const { world, run } = setUp({ maxConcurrent: 1, maxQueued: 1, maxWait: Number.POSITIVE_INFINITY })
  const calls = [run(), run()]
  await world.advance(0)
  expect(world.pending).toBe(1)
  await world.until(Promise.all(calls))
})
