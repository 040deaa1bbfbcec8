import { seconds } from '../faults/describe.ts'
import { measuredOf } from './page/words.ts'
import { percentileOf } from './percentile.ts'
import type { RunReport } from './run-report.ts'

/** One line of a comparison: a check or a figure, with its value in each run. */
export interface Measure {
  readonly name: string
  readonly values: readonly MeasuredValue[]
}

export interface MeasuredValue {
  readonly text: string
  /** Absent for a figure that has no limit, and where the run did not check it. */
  readonly passed?: boolean
}

/** Every check of any of the runs, then the figures that each run has. */
export function compareRuns(runs: readonly RunReport[]): Measure[] {
  const names = [...new Set(runs.flatMap(({ invariants }) => invariants.map(({ name }) => name)))]
  return [
    ...names.map((name) => ({ name, values: runs.map((run) => checked(run, name)) })),
    ...FIGURES.map(([name, value]) => ({ name, values: runs.map((run) => ({ text: value(run) })) })),
  ]
}

function checked({ invariants }: RunReport, wanted: string): MeasuredValue {
  const found = invariants.find(({ name }) => name === wanted)
  return found === undefined ? { text: 'not checked' } : { text: measuredOf(found), passed: found.passed }
}

const FIGURES: readonly [string, (run: RunReport) => string][] = [
  ['attempts', ({ orders }) => String(orders.reduce((sum, { attempts }) => sum + attempts, 0))],
  ['p50', (run) => latency(run, 0.5)],
  ['p95', (run) => latency(run, 0.95)],
  ['max', (run) => latency(run, 1)],
  ['the whole run', ({ ms }) => seconds(ms)],
]

function latency({ orders }: RunReport, share: number): string {
  return seconds(
    percentileOf(
      orders.map(({ ms }) => ms),
      share,
    ),
  )
}
