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

test('a rejection tells which priority was turned away, in its error, its event and its count', async () => {
  const policy = shed({ load: () => 0.9, name: 'valve' })
  const subject = pipeline('busy', [policy], { world: virtualWorld() })
  const events: unknown[] = []
  subject.subscribe((event) => event.type === 'rejection' && events.push(event))
  const error: unknown = await subject.execute(() => 1).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'SHED', pipeline: 'busy', policy: 'valve', retryAfter: 1_000 })
  expect(error).toHaveProperty('message', 'busy: calls of priority normal are shed under this load (valve)')
  expect(events).toEqual([{ type: 'rejection', pipeline: 'busy', policy: 'valve', error }])
  await expect(subject.execute(() => 1, { priority: 'low' })).rejects.toBeInstanceOf(ShedError)
  await subject.execute(() => 1, { priority: 'high' })
  expect(policy.metrics()).toEqual({ low: 1, normal: 1, high: 0, critical: 0, load: 0.9 })
})

test('the highest load counts, whichever comes first, and none at all is idle', () => {
  expect(shed({ load: [() => 0.2, { load: 0.7 }, () => 0.4] }).load).toBe(0.7)
  expect(shed({ load: { load: 0.3 } }).load).toBe(0.3)
  expect(shed({ load: [] }).load).toBe(0)
})

test('critical calls are shed only where they have a threshold', async () => {
  const policy = shed({ load: () => 1 })
  const subject = pipeline('critical', [policy])
  await expect(subject.execute(() => 1, { priority: 'critical' })).resolves.toBe(1)
  policy.reconfigure({ thresholds: { critical: 1 } })
  await expect(subject.execute(() => 1, { priority: 'critical' })).rejects.toMatchObject({ code: 'SHED' })
})

test('other sources and another retryAfter can be given while in use; what is not given stays', async () => {
  const policy = shed({ load: () => 0, retryAfter: 10 })
  const subject = pipeline('live', [policy])
  policy.reconfigure({ load: [() => 0.99] })
  await expect(subject.execute(() => 1)).rejects.toMatchObject({ retryAfter: 10 })
  policy.reconfigure({ retryAfter: 20 })
  await expect(subject.execute(() => 1)).rejects.toMatchObject({ retryAfter: 20 })
  policy.reconfigure({ load: () => 0 })
  expect(policy.load).toBe(0)
})

test('a mistake when it is reconfigured changes nothing', async () => {
  const policy = shed({ load: () => 0.6, name: 'valve' })
  expect(() => policy.reconfigure({ load: () => 0, thresholds: { low: -1 } })).toThrow('shed.thresholds: low is -1')
  expect(() => policy.reconfigure({ load: () => 0, retryAfter: -1 })).toThrow('shed: retryAfter is -1')
  expect(policy.load).toBe(0.6)
  expect([policy.kind, policy.name, shed({ load: () => 0 }).name]).toEqual(['shed', 'valve', 'shed'])
})

test.each([
  [{ load: 5 }, 'load is 5'],
  [{ thresholds: 5 }, 'thresholds is 5'],
  [{ thresholds: { lo: 5 } }, 'there is no option lo (did you mean low?)'],
  [{ thresholds: { normal: -1 } }, 'normal is -1'],
  [{ thresholds: { high: -1 } }, 'high is -1'],
  [{ thresholds: { critical: -1 } }, 'critical is -1'],
  [{ thresholds: { low: '0.5' } }, "low is '0.5', but must be a load from 0 to 1, or Infinity for never"],
])('%j: %s', (options, message) => {
  const given: object = { load: () => 0, ...options }
  expect(() => shed(given as Parameters<typeof shed>[0])).toThrow(message)
})

test('a threshold of 0 sheds always, one of Infinity never, whatever the load', async () => {
  const subject = pipeline('extremes', [shed({ load: () => 0, thresholds: { low: 0 } })])
  await expect(subject.execute(() => 1, { priority: 'low' })).rejects.toMatchObject({ code: 'SHED' })
  await expect(subject.execute(() => 1)).resolves.toBe(1)
  const endless = pipeline('extremes', [shed({ load: () => Number.POSITIVE_INFINITY })])
  await expect(endless.execute(() => 1, { priority: 'critical' })).resolves.toBe(1)
  await expect(endless.execute(() => 1, { priority: 'high' })).rejects.toMatchObject({ code: 'SHED' })
})
