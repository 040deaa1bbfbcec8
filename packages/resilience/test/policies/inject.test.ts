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

test.each([
  ['latency', { latency: 0 }],
  ['error', { error: true }],
  ['outcome', { outcome: () => 1 }],
  ['behavior', { behavior: () => {} }],
] as const)('tells of each %s that it injects, and counts it', async (fault, options) => {
  const policy = inject({ ...options, name: 'chaos' } as Parameters<typeof inject>[0])
  const { events } = await given([policy]).when(succeeds()).report()
  expect(events[0]).toEqual({ type: 'injected', pipeline: 'given', policy: 'chaos', fault })
  expect(policy.metrics()).toEqual({ injected: 1, rate: 1 })
})

test('what did not happen is neither told nor counted', async () => {
  const policy = inject({ error: true, rate: 0 })
  await given([policy]).when(succeeds()).thenExpect({ result: 'ok', events: [] })
  expect(policy.metrics()).toEqual({ injected: 0, rate: 0 })
})

test('the rate is a share of chance: below it something happens, at it nothing', async () => {
  const at = async (chance: number) => {
    const world = Object.assign(virtualWorld(), { random: () => chance })
    const { error } = await given([inject({ error: true, rate: 0.3 })], world)
      .when(succeeds())
      .report()
    return error === undefined
  }
  expect([await at(0.299), await at(0.3)]).toEqual([false, true])
})

test('latency may be drawn by the same chance', async () => {
  const world = Object.assign(virtualWorld(), { random: () => 0.25 })
  await given([inject({ latency: (random) => 100 * random() })], world)
    .when(succeeds())
    .thenExpect({ elapsed: 25 })
  const seeded = async () => {
    const { elapsed } = await given([inject({ latency: (random) => Math.round(1_000 * random()), seed: 4 })])
      .when(succeeds())
      .report()
    return elapsed
  }
  expect(await seeded()).toBe(await seeded())
})

test('behavior sees the context, and is waited for; what it throws the call throws', async () => {
  const world = virtualWorld()
  const behavior = async ({ key }: { key: string | undefined }) => {
    await new Promise<void>((resolve) => world.setTimer(30, resolve))
    if (key === 'bad') throw broken
  }
  const broken = new Error('broken')
  await given([inject({ behavior })], world)
    .when(succeeds())
    .thenExpect({ result: 'ok', elapsed: 30 })
  await given([inject({ behavior })], world)
    .when(succeeds())
    .thenExpect({ error: broken, attempts: 0 }, { key: 'bad' })
})

test('an error may be anything at all', async () => {
  await given([inject({ error: () => 'just text' })])
    .when(succeeds())
    .report()
    .then(({ error }) => expect(error).toBe('just text'))
  const { error } = await given([inject({ error: true, name: 'chaos' })])
    .when(succeeds())
    .report()
  expect(error).toMatchObject({ code: 'INJECTED', pipeline: 'given', policy: 'chaos' })
})

test.each([
  [{ error: true, rate: -0.1 }, 'rate is -0.1'],
  [{ error: true, rate: 1.1 }, 'rate is 1.1'],
  [{ error: true, seed: -1 }, 'seed is -1'],
  [{ error: true, enabled: 1 }, 'enabled is 1'],
  [{ latency: -1 }, 'latency is -1'],
  [{ outcome: 1 }, 'outcome is 1, but must be a function'],
  [{ behavior: 1 }, 'behavior is 1, but must be a function'],
  [{ error: true, often: 1 }, 'there is no option often'],
])('%j: %s', (options: object, message) => {
  expect(() => inject(options as Parameters<typeof inject>[0])).toThrow(message)
  expect(() => inject(options as Parameters<typeof inject>[0])).toThrow(/^inject: /)
})

test('which option is wrong is told to programs too', () => {
  const wrong = (options: object) => () => inject(options as Parameters<typeof inject>[0])
  expect(wrong({ error: true, outcome: () => 1 })).toThrow(expect.objectContaining({ option: 'outcome' }))
  expect(wrong({ error: true, outcome: () => 1 })).toThrow('error and outcome given')
  expect(wrong({})).toThrow(expect.objectContaining({ policy: 'inject', option: '' }))
  expect(wrong({})).toThrow('no fault given, but there must be exactly one of')
})

test('a rate that is wrong changes nothing', async () => {
  const policy = inject({ error: true })
  expect(() => policy.reconfigure({ rate: 2 })).toThrow('inject: rate is 2')
  expect(policy.metrics()).toMatchObject({ rate: 1 })
  expect([policy.kind, policy.name]).toEqual(['inject', 'inject'])
})

test('when it is enabled can be changed while in use', async () => {
  const policy = inject({ error: true })
  policy.reconfigure({ enabled: () => false })
  await given([policy]).when(succeeds()).thenExpect({ result: 'ok' })
  expect(policy.metrics()).toEqual({ injected: 0, rate: 1 })
})

test('the fault stays what it was', () => {
  const changes: [{ reconfigure(options: object): void }, object][] = [
    [inject({ latency: 1 }), { latency: 2 }],
    [inject({ error: true }), { error: () => 1 }],
    [inject({ outcome: () => 1 }), { outcome: () => 2 }],
    [inject({ behavior: () => 1 }), { behavior: () => 2 }],
  ]
  for (const [policy, change] of changes) expect(() => policy.reconfigure(change)).toThrow('for as long as it lives')
})
