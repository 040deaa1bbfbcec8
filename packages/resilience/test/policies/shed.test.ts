import { expect, test } from 'vitest'
import { bulkhead, type Priority, pipeline, ShedError, shed } from '../../src/index.ts'
import { script, succeeds, virtualWorld } from '../../src/testing/index.ts'

const PRIORITIES: Priority[] = ['low', 'normal', 'high', 'critical']

async function admitted(load: number): Promise<Priority[]> {
  const world = virtualWorld()
  const subject = pipeline('shed', [shed({ load: () => load })], { world })
  const results = await Promise.allSettled(
    PRIORITIES.map((priority) => subject.execute(script(world, succeeds(priority)), { priority })),
  )
  return PRIORITIES.filter((_, index) => results[index]?.status === 'fulfilled')
}

test.each([
  [0.49, PRIORITIES],
  [0.5, ['normal', 'high', 'critical']],
  [0.8, ['high', 'critical']],
  [0.95, ['critical']],
  [1, ['critical']],
])('at a load of %d it lets in %j', async (load, expected) => {
  expect(await admitted(load)).toEqual(expected)
})

test('takes the load of policies, of any pipeline, the highest', async () => {
  const world = virtualWorld()
  const places = bulkhead({ maxConcurrent: 2 })
  const policy = shed({ load: [() => 0.1, places], retryAfter: 250 })
  const subject = pipeline('places', [policy, places], { world })
  let finish: () => void = () => {}
  const first = subject.execute(() => new Promise<void>((resolve) => (finish = resolve)))
  const rejected = subject.execute(() => 'never', { priority: 'low' })
  await expect(rejected).rejects.toBeInstanceOf(ShedError)
  await expect(rejected).rejects.toMatchObject({ code: 'SHED', retryAfter: 250 })
  await expect(subject.execute(() => 'important')).resolves.toBe('important')
  expect(policy.metrics()).toMatchObject({ low: 1, normal: 0, load: 0.5 })
  finish()
  await first
})

test('thresholds can be changed one by one', async () => {
  const policy = shed({ load: () => 0.6 })
  const subject = pipeline('thresholds', [policy])
  policy.reconfigure({ thresholds: { normal: 0.6 } })
  await expect(subject.execute(() => 1)).rejects.toThrow('calls of priority normal are shed')
  policy.reconfigure({ thresholds: { normal: 0.7 } })
  await expect(subject.execute(() => 1)).resolves.toBe(1)
  await expect(subject.execute(() => 1, { priority: 'low' })).rejects.toThrow('low')
})
