import { exercises } from '../../src/exercises/index.ts'
import type { InvariantResult } from '../../src/invariants/index.ts'
import { parseHints } from '../../src/learn/hints.ts'
import type { Verdict } from '../../src/run/verdict.ts'
import type { Effect, OpenedExercise, WatchEvent } from '../../src/watch/events.ts'
import { openState, type WatchState } from '../../src/watch/state.ts'
import { update } from '../../src/watch/update.ts'
import { perfectOutcomes } from './outcomes.ts'

/** An exercise as it is opened, with three hints for each check. */
export function opened(id = '06-idempotency', changes: Partial<OpenedExercise> = {}): OpenedExercise {
  const exercise = exercises.find((each) => each.id === id)!
  const hints = exercise.battery.invariants.map(({ name }) => `## ${name}\n\n1. nudge\n2. push\n3. shove\n`)
  return {
    exercise,
    hints: parseHints(hints.join('\n')),
    progress: {},
    ladder: exercises.map(({ id, point }) => ({ id, point, passed: false })),
    file: `exercises/${id}/place-order.ts`,
    solution: `solutions/${id}/README.md`,
    ...changes,
  }
}

/** What the reducer makes of events, one after the other. */
export function after(state: WatchState, ...events: readonly WatchEvent[]): { state: WatchState; effects: Effect[] } {
  const effects: Effect[] = []
  for (const event of events) {
    const [next, wanted] = update(state, event)
    state = next
    effects.push(...wanted)
  }
  return { state, effects }
}

export const key = (name: string): WatchEvent => ({ type: 'key', key: name })

/** A run that ended, with these checks failed. */
export function verdictOf(of: OpenedExercise, failed: readonly string[], why = 'It was cooked twice.'): Verdict {
  const { battery } = of.exercise
  const invariants = battery.invariants.map(({ name }): InvariantResult => {
    const passed = !failed.includes(name)
    const found = { name, passed, measured: 2, limit: 1, unit: 'orders', shownLimit: 'limit 1' }
    return passed ? found : { ...found, why, order: 2 }
  })
  return {
    ...{ battery: battery.name, seed: 11, stage: 'embedded', orderService: 'mine', client: 'persistent' },
    ...{ startedAt: new Date(0), ms: 3_200, passed: failed.length === 0, invariants, faults: [] },
    orders: perfectOutcomes().map((order) => ({
      ...order,
      traceUrl: `http://127.0.0.1:3000/trace/${order.traceId}`,
    })),
  }
}

/** Watching, with a run that has ended. */
export function judged(of: OpenedExercise, failed: readonly string[], why?: string): WatchState {
  const verdict = verdictOf(of, failed, why)
  return after(openState(of, 11), key('r'), { type: 'verdict', run: 1, verdict, line: 41 }).state
}
