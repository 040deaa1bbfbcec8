import { complete } from '../../src/batteries/complete.ts'
import { scheduleOf } from '../../src/run/schedule-of.ts'
import type { Verdict } from '../../src/run/verdict.ts'
import { perfectOutcomes } from './outcomes.ts'

/** A run of six orders, the first of which was lost. */
export function verdictAt(startedAt: Date, seed = 7): Verdict {
  const [first, ...rest] = perfectOutcomes()
  const { reply: _, ...lost } = first!
  return {
    ...{ battery: 'complete', seed, stage: 'embedded', orderService: 'starting', client: 'persistent' },
    ...{ startedAt, ms: 9_000.4, passed: false },
    orders: [{ ...lost, gaveUp: 'answered 503' }, ...rest],
    invariants: [
      {
        name: 'every order placed',
        passed: false,
        measured: 5,
        limit: 6,
        unit: 'orders',
        why: 'Order 1 is lost.',
        order: 1,
      },
      { name: 'slowest order', passed: true, measured: 200, limit: 1_000, unit: 'ms' },
    ],
    faults: scheduleOf(complete, seed).map((fault) => ({ fault, from: 10.2, to: 20.7 })),
  }
}
