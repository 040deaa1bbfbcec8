/** Whatever a hook's `enter` returned, its `exit` gets back, once: in long pipelines, over attempts, and when it is late. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AnyPolicy, constant, pipeline, retry, timeout } from '../../src/index.ts'
import { virtualWorld } from '../../src/testing/index.ts'

/** Remembers what it gave to the engine, and what it got back. */
function probe() {
  const given: object[] = []
  const returned: unknown[] = []
  const policy: AnyPolicy = {
    kind: 'probe',
    name: 'probe',
    attach: () => ({
      enter: () => {
        const state = { of: given.length }
        given.push(state)
        return state
      },
      exit: (_call, state) => {
        returned.push(state)
      },
    }),
  }
  return { policy, given, returned }
}

const layers = fc.array(fc.constantFrom('probe', 'probe', 'probe', 'retry', 'timeout'), { maxLength: 12 })
const attempts = fc.array(fc.constantFrom('succeeds', 'fails', 'outlives its timeout'), { maxLength: 6 })

test('each state comes back to the hook that it is of', async () => {
  let deepest = 0
  let late = 0
  await fc.assert(
    fc.asyncProperty(layers, attempts, async (kinds, outcomes) => {
      const world = virtualWorld()
      const probes = kinds.map(() => probe())
      const policies = kinds.map((kind, index): AnyPolicy => {
        if (kind === 'retry') return retry({ maxAttempts: 2, backoff: constant(1) })
        return kind === 'timeout' ? timeout(10) : probes[index]!.policy
      })
      const queue = outcomes.slice()
      const subject = pipeline('states', policies, { world })
      const call = subject.execute(async () => {
        const outcome = queue.shift() ?? 'succeeds'
        if (outcome === 'outlives its timeout') {
          late++
          await new Promise<void>((resolve) => world.setTimer(500, resolve))
        }
        if (outcome === 'fails') throw new Error('down')
      })
      call.catch(() => {})
      await world.advance(10_000)
      await call.catch(() => {})
      for (const { given, returned } of probes) {
        const own = new Set<unknown>(given)
        expect(returned.filter((state) => own.delete(state))).toHaveLength(given.length)
        expect(returned).toHaveLength(given.length)
        deepest = Math.max(deepest, given.length === 0 ? 0 : kinds.length)
      }
    }),
    { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 200 },
  )
  expect(deepest).toBeGreaterThan(8)
  expect(late).toBeGreaterThan(20)
})
