import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { busyNotice, withLateness } from '../src/watch/busy.ts'

test('timers that a busy machine held up are told of, small delays are not', async () => {
  const { result, late } = await withLateness(async () => {
    await sleep(50)
    const until = performance.now() + 400
    while (performance.now() < until);
    await sleep(50)
    return 'done'
  })
  expect(result).toBe('done')
  expect(late).toBeGreaterThanOrEqual(350)
  expect(busyNotice(late)).toMatch(/timers were up to \d+\.\d\d s late\. .* r runs it again/)
  expect(busyNotice(40)).toBeUndefined()
})
