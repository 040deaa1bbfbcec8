import { expect, test } from 'vitest'
import { bulkhead, constant, fallback, type HookLayer, type Policy, pipeline, retry, timeout } from '../../src/index.ts'
import { fails, given, hangs, script, stubbornly, succeeds, times, virtualWorld } from '../../src/testing/index.ts'

type Exit = HookLayer['exit']
type Enter = HookLayer['enter']

function hook(name: string, enter: Enter, exit: Exit = () => {}): Policy {
  return { kind: name, name, attach: () => ({ enter, exit }) }
}

test('each of many hooks gets back what its own enter returned, in each attempt', async () => {
  const returned: unknown[] = []
  let entered = 0
  const hooks = Array.from({ length: 7 }, (_, index) =>
    hook(
      `${index}`,
      () => `${index} of entry ${++entered}`,
      (_call, state) => returned.push(state),
    ),
  )
  const policies = [...hooks.slice(0, 2), retry({ backoff: constant(1), maxAttempts: 2 }), ...hooks.slice(2)]
  await given(policies).when(fails(), succeeds()).thenExpect({ result: 'ok' })
  expect(returned).toEqual([
    ...[6, 5, 4, 3, 2].map((index) => `${index} of entry ${index + 1}`),
    ...[6, 5, 4, 3, 2].map((index) => `${index} of entry ${index + 6}`),
    '1 of entry 2',
    '0 of entry 1',
  ])
})

test('a call that was given up keeps for its late exits what each hook inside returned', async () => {
  const returned: unknown[] = []
  const hooks = Array.from({ length: 6 }, (_, index) =>
    hook(
      `${index}`,
      () => index,
      (call, state) => returned.push([state, call.detached]),
    ),
  )
  const subject = given([hooks[0]!, timeout(20), ...hooks.slice(1)])
  await subject.when(stubbornly(50, succeeds())).report()
  expect(returned).toEqual([[0, false]])
  await subject.world.advance(50)
  expect(returned.slice(1)).toEqual([5, 4, 3, 2, 1].map((index) => [index, true]))
})

test('a hook keeps its state with its class: methods are called on the layer', async () => {
  class Layer implements HookLayer<number> {
    private count = 0
    enter(): number {
      return ++this.count
    }
    exit(_call: unknown, state: number): void {
      expect(state).toBe(this.count)
    }
  }
  const own: Policy = { kind: 'own', name: 'own', attach: () => new Layer() }
  await given([own]).when(succeeds()).thenExpect({ result: 'ok' })
})

test('an enter that throws turns the call away: no exit of its own, those further out come', async () => {
  const exits: string[] = []
  const error = new Error('no')
  const outer = hook(
    'outer',
    () => {},
    (call) => exits.push(`outer ${call.failed} ${call.error === error}`),
  )
  const closed = hook(
    'closed',
    () => {
      throw error
    },
    () => exits.push('closed'),
  )
  await given([outer, closed]).when(succeeds()).thenExpect({ error, attempts: 0 })
  expect(exits).toEqual(['outer true true'])
})

test('an exit that throws is the outcome, whatever was asked for before', async () => {
  const error = new Error('exit')
  const broken = hook(
    'broken',
    () => {},
    (call) => {
      call.again(10)
      throw error
    },
  )
  await given([broken]).when(succeeds()).thenExpect({ error, attempts: 1, elapsed: 0 })
})

test('an exit may make a failure of a success, and the other way round, at once or later', async () => {
  const turn = hook(
    'turn',
    () => {},
    (call) => (call.failed ? call.recover(Promise.resolve('better')) : call.fail('worse')),
  )
  await given([turn]).when(fails()).thenExpect({ result: 'better' })
  const { error } = await given([turn]).when(succeeds()).report()
  expect(error).toBe('worse')
})

test('a call that waits to be let in goes on when resumed, fails when refused', async () => {
  for (const [end, expected] of [
    ['resume', { result: 'ok', elapsed: 30 }],
    ['refuse', { error: Error, elapsed: 30, attempts: 0 }],
  ] as const) {
    const world = virtualWorld()
    const door = hook('door', (call) => {
      call.wait(() => {})
      world.setTimer(30, () => (end === 'resume' ? call.resume() : call.refuse(new Error('refused'))))
    })
    await given([door], world).when(succeeds()).thenExpect(expected)
  }
})

test('a call that is interrupted while it waits tells so once, at once, and never gets in', async () => {
  const world = virtualWorld()
  const told: number[] = []
  const exits: number[] = []
  const door = hook(
    'door',
    (call) => call.wait(() => told.push(world.now())),
    () => exits.push(world.now()),
  )
  await given([timeout(20), door], world)
    .when(succeeds())
    .thenExpect({ error: 'TIMEOUT', elapsed: 20, attempts: 0 })
  expect([told, exits]).toEqual([[20], []])
})

test('a wait in a second attempt is interrupted as the first would be', async () => {
  const world = virtualWorld()
  const places = bulkhead({ maxConcurrent: 1, maxQueued: 1 })
  const subject = pipeline('second', [timeout(100), retry({ backoff: constant(10) }), places], { world })
  const blocker = pipeline('blocker', [places], { world })
  const run = script(world, fails(), succeeds())
  const call = subject.execute(run).catch((error) => error.code)
  await world.advance(5)
  void blocker.execute(script(world, stubbornly(500, succeeds())))
  expect(await world.until(call)).toBe('TIMEOUT')
  expect(world.now()).toBe(100)
  expect(places.queued).toBe(0)
})

test('a timeout inside of a retry ends its attempt, and one outside ends the delay', async () => {
  await given([timeout(250), retry({ backoff: constant(100), maxAttempts: 9 }), timeout(50)])
    .when(hangs())
    .thenExpect({ error: 'TIMEOUT', attempts: 2, elapsed: 200 })
  const world = virtualWorld()
  const cancel = new AbortController()
  const waits = pipeline('delay', [retry({ backoff: constant(100) })], { world })
  const run = script(world, fails())
  world.setTimer(60, () => cancel.abort('enough'))
  await expect(world.until(waits.execute(run, { signal: cancel.signal }))).rejects.toBe('enough')
  expect([world.now(), run.calls.length, world.pending]).toEqual([60, 1, 0])
})

test('while a fallback answers, the call can still be cancelled', async () => {
  const world = virtualWorld()
  const subject = pipeline('slow fallback', [fallback(() => new Promise(() => {}))], { world })
  const cancel = new AbortController()
  const call = subject.execute(script(world, fails()), { signal: cancel.signal })
  await world.advance(10)
  cancel.abort('enough')
  await expect(call).rejects.toBe('enough')
})

test('a delay of 0 between attempts still sees a cancel', async () => {
  const world = virtualWorld()
  const cancel = new AbortController()
  const run = script(
    world,
    ...times(3, async () => {
      await Promise.resolve()
      cancel.abort('enough')
      throw new Error('down')
    }),
  )
  const subject = pipeline('no delay', [retry({ backoff: constant(0) })], { world })
  await expect(subject.execute(run, { signal: cancel.signal })).rejects.toBe('enough')
  expect(run.calls.length).toBe(1)
})
