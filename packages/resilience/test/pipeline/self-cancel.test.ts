import { expect, test } from 'vitest'
import { bulkhead, pipeline, retry } from '../../src/index.ts'
import { virtualWorld } from '../../src/testing/index.ts'

test('a function that cancels its own caller before it first waits does not keep the caller waiting', async () => {
  for (const policies of [[], [retry(), bulkhead()]]) {
    const world = virtualWorld()
    const cancel = new AbortController()
    const subject = pipeline('self', policies, { world })
    const call = subject.execute(
      () => {
        cancel.abort('enough')
        return new Promise(() => {})
      },
      { signal: cancel.signal },
    )
    await expect(world.until(call)).rejects.toBe('enough')
    expect(subject.metrics().calls).toMatchObject({ cancellations: 1, inFlight: 0 })
  }
})

test('and what becomes of its work is nobody’s unhandled rejection; a place inside is free when it has ended', async () => {
  const unhandled: unknown[] = []
  const listen = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', listen)
  const places = bulkhead({ maxConcurrent: 1 })
  for (const policies of [[], [retry(), places]]) {
    const world = virtualWorld()
    const cancel = new AbortController()
    const work = async () => {
      cancel.abort('enough')
      await new Promise<void>((resolve) => world.setTimer(50, resolve))
      throw new Error('late')
    }
    const call = pipeline('self', policies, { world }).execute(work, { signal: cancel.signal })
    await expect(call).rejects.toBe('enough')
    expect(places.inFlight).toBe(policies.length === 0 ? 0 : 1)
    await world.advance(100)
    expect(places.inFlight).toBe(0)
  }
  process.off('unhandledRejection', listen)
  expect(unhandled).toEqual([])
})
