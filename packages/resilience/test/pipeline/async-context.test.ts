/** What a call keeps of its caller: the stack of who made it, and the async context (a trace's parent hangs on it). */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { bulkhead, circuitBreaker, constant, pipeline, retry, timeout } from '../../src/index.ts'

const request = new AsyncLocalStorage<string>()

test('the trace of an error leads through the library to the handler that made the call', async () => {
  const subject = pipeline('trace', [retry({ maxAttempts: 1 }), circuitBreaker(), timeout(10_000), bulkhead()])
  async function menuHandler() {
    return await subject.execute(async () => {
      await sleep(1)
      throw new Error('deep down')
    })
  }
  await expect(menuHandler()).rejects.toMatchObject({ stack: expect.stringContaining('menuHandler') })
})

test('an attempt after a timeout runs in the context of its own call, not of whoever armed the timer', async () => {
  const subject = pipeline('timers', [retry({ maxAttempts: 2, backoff: constant(1) }), timeout(30)])
  const seen: (string | undefined)[] = []
  const call = (name: string) =>
    request.run(name, () =>
      subject.execute(({ attempt }) => {
        seen.push(`${name}: ${request.getStore()}`)
        return attempt === 1 ? new Promise(() => {}) : request.getStore()
      }),
    )
  expect(await Promise.all([call('one'), call('two')])).toEqual(['one', 'two'])
  expect(seen.toSorted()).toEqual(['one: one', 'one: one', 'two: two', 'two: two'])
})

test('a call that waited for a place runs in its own context, not of the call that made room', async () => {
  const subject = pipeline('queue', [bulkhead({ maxConcurrent: 1, maxQueued: 1 })])
  const call = (name: string) =>
    request.run(name, () =>
      subject.execute(async () => {
        await sleep(5)
        return request.getStore()
      }),
    )
  expect(await Promise.all([call('first'), call('second')])).toEqual(['first', 'second'])
})

test('what a predicate sees after a cancelled attempt is the context of the call', async () => {
  const contexts: (string | undefined)[] = []
  const handleError = () => {
    contexts.push(request.getStore())
    return false
  }
  const subject = pipeline('outcome', [retry({ handleError }), timeout(20)])
  const calls = ['a', 'b'].map((name) =>
    request.run(name, () => subject.execute(() => new Promise(() => {})).catch(() => {})),
  )
  await Promise.all(calls)
  expect(contexts).toEqual(['a', 'b'])
})
