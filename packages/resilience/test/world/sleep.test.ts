import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { virtualWorld } from '../../src/testing/index.ts'
import { sleep } from '../../src/world/sleep.ts'

test('sleeps for its time, and leaves no listener', async () => {
  const world = virtualWorld()
  const { signal } = new AbortController()
  const slept = sleep(world, 100, signal)
  expect(getEventListeners(signal, 'abort').length).toBe(1)
  await world.until(slept)
  expect(world.now()).toBe(100)
  expect(getEventListeners(signal, 'abort').length).toBe(0)
})

test('an abort ends it at once, and leaves neither timer nor listener', async () => {
  const world = virtualWorld()
  const cancel = new AbortController()
  const slept = sleep(world, 100, cancel.signal).catch((reason) => reason)
  cancel.abort('enough')
  expect(await slept).toBe('enough')
  expect(world.pending).toBe(0)
  expect(getEventListeners(cancel.signal, 'abort').length).toBe(0)
})

test('does not begin when it was aborted before', async () => {
  const world = virtualWorld()
  await expect(sleep(world, 100, AbortSignal.abort('before'))).rejects.toBe('before')
  expect(world.pending).toBe(0)
})
