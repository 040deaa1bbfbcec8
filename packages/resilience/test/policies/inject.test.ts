import { expect, test } from 'vitest'
import { InjectedError, inject, pipeline, timeout } from '../../src/index.ts'
import { given, script, succeeds, virtualWorld } from '../../src/testing/index.ts'

test('latency: the call goes on later', async () => {
  await given([inject({ latency: 100 })])
    .when(succeeds())
    .thenExpect({ result: 'ok', elapsed: 100, events: ['injected'] })
})

test('latency ends at once when nobody waits for it', async () => {
  const world = virtualWorld()
  await given([timeout(50), inject({ latency: (random) => 100 + random() })], world)
    .when(succeeds())
    .thenExpect({ error: 'TIMEOUT', attempts: 0, elapsed: 50 })
  expect(world.pending).toBe(0)
})

test('error: instead of the call', async () => {
  await given([inject({ error: true })])
    .when(succeeds())
    .thenExpect({ error: InjectedError, attempts: 0 })
  const own = new Error('own')
  await given([inject({ error: () => own })])
    .when(succeeds())
    .thenExpect({ error: own, attempts: 0 })
})

test('outcome: instead of the call', async () => {
  await given([inject({ outcome: () => 'instead' })])
    .when(succeeds())
    .thenExpect({ result: 'instead', attempts: 0 })
})

test('behavior: before the call', async () => {
  let happened = 0
  await given([inject({ behavior: () => happened++ })])
    .when(succeeds())
    .thenExpect({ result: 'ok', attempts: 1 })
  expect(happened).toBe(1)
})

test('the same seed chooses the same calls', async () => {
  const chosen = async (seed: number) => {
    const world = virtualWorld()
    const subject = pipeline('chaos', [inject({ rate: 0.3, error: true, seed })], { world })
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, () => subject.execute(script(world, succeeds()))),
    )
    return outcomes.map(({ status }) => status)
  }
  const [first, second, other] = [await chosen(1), await chosen(1), await chosen(2)]
  expect(first).toEqual(second)
  expect(first).not.toEqual(other)
  const hit = first.filter((status) => status === 'rejected').length
  expect(hit).toBeGreaterThan(40)
  expect(hit).toBeLessThan(80)
})

test('can be switched off, and changed', async () => {
  const policy = inject({ error: true, enabled: ({ priority }) => priority === 'low' })
  await given([policy]).when(succeeds()).thenExpect({ result: 'ok' })
  await given([policy]).when(succeeds()).thenExpect({ error: InjectedError }, { priority: 'low' })
  policy.reconfigure({ rate: 0 })
  await given([policy]).when(succeeds()).thenExpect({ result: 'ok' }, { priority: 'low' })
  expect(policy.metrics()).toEqual({ injected: 1, rate: 0 })
})

test('wants exactly one fault', () => {
  const both: object = { latency: 1, error: true }
  expect(() => inject(JSON.parse(JSON.stringify(both)))).toThrow('latency and error given')
  expect(() => inject(JSON.parse('{}'))).toThrow('there must be exactly one of latency, error, outcome, behavior')
})
