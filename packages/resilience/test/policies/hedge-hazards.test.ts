import { expect, test } from 'vitest'
import { hedge, pipeline } from '../../src/index.ts'
import { after, fails, hangs, type Step, script, succeeds, times, virtualWorld } from '../../src/testing/index.ts'

const broken = new Error('predicate')
function throws(): never {
  throw broken
}

test.each<[string, Parameters<typeof hedge>[0], Step]>([
  ['handleError', { handleError: throws }, after(20, fails())],
  ['handleResult', { handleResult: throws }, after(20, succeeds())],
  ['budget', { budget: { onCall() {}, tryExtra: throws, onSuccess() {}, metrics: () => ({}) } }, hangs()],
])(
  'a %s that throws becomes the outcome, instead of a call that hangs and an unhandled rejection',
  async (_name, options, step) => {
    const world = virtualWorld()
    const unhandled: unknown[] = []
    const listen = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', listen)
    const subject = pipeline('hedged', [hedge({ after: 10, ...options })], { world })
    const run = script(world, ...times(2, step))
    await expect(world.until(subject.execute(run))).rejects.toBe(broken)
    await world.advance(100)
    process.off('unhandledRejection', listen)
    expect(unhandled).toEqual([])
    expect(subject.inFlight).toBe(0)
    expect(world.pending).toBe(0)
  },
)
