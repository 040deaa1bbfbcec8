import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { complete } from '../src/batteries/complete.ts'
import { exercises } from '../src/exercises/index.ts'
import { type GeneratedRun, runsOf, soFarAt } from './support/generated-evidence.ts'

const STEP = 310
const every = [complete, ...exercises.map(({ battery }) => battery)]

/** What was told while the run went on, by the name of the check, and when. */
function toldEarly(run: GeneratedRun): Map<string, { now: number; passed: boolean }> {
  const told = new Map<string, { now: number; passed: boolean }>()
  const end = Math.max(...run.evidence.orders.map(({ startedAt, ms }) => startedAt + ms)) + 1_500
  for (let now = 0; now <= end; now += STEP) {
    const soFar = soFarAt(run, now)
    for (const { name, early } of run.battery.invariants) {
      const found = told.has(name) ? undefined : early?.(soFar)
      if (found !== undefined && !('open' in found)) told.set(name, { now, passed: found.passed })
    }
  }
  return told
}

describe.each(every)('$name', (battery) => {
  test('what is told while a run goes on is what the verdict says', async () => {
    const settled = new Set<string>()
    await fc.assert(
      fc.asyncProperty(runsOf(battery), async (run) => {
        const told = toldEarly(run)
        for (const { name, check } of battery.invariants) {
          const early = told.get(name)
          if (early === undefined) continue
          settled.add(`${name} ${early.passed}`)
          const { passed } = await check(run.evidence)
          expect({ ...early, name }).toEqual({ now: early.now, name, passed })
        }
      }),
      { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 10 },
    )
    expect(settled.size).toBeGreaterThan(0)
  })
})
