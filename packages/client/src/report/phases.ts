import { percentileOf } from './percentile.ts'
import type { FaultReport, OrderReport, RunReport } from './run-report.ts'

export type Phase =
  | 'without faults'
  | 'before the first fault'
  | 'during a fault'
  | 'between faults'
  | 'after the last fault'

export interface PhaseFigures {
  readonly phase: Phase
  readonly orders: number
  readonly placed: number
  readonly attempts: number
  /** Latency of orders, in milliseconds. */
  readonly p50: number
  readonly p95: number
  readonly max: number
}

const PHASES: readonly Phase[] = [
  'without faults',
  'before the first fault',
  'during a fault',
  'between faults',
  'after the last fault',
]

/** What became of orders before, during and after faults; phases without orders are left out. */
export function phasesOf({ orders, faults }: Pick<RunReport, 'orders' | 'faults'>): PhaseFigures[] {
  return PHASES.flatMap((phase) => {
    const here = orders.filter((order) => phaseOf(order, faults) === phase)
    if (here.length === 0) return []
    const latencies = here.map(({ ms }) => ms)
    return {
      phase,
      orders: here.length,
      placed: here.filter(({ placed }) => placed).length,
      attempts: here.reduce((sum, { attempts }) => sum + attempts, 0),
      p50: percentileOf(latencies, 0.5),
      p95: percentileOf(latencies, 0.95),
      max: percentileOf(latencies, 1),
    }
  })
}

export function phaseOf(
  { startedAt, ms }: Pick<OrderReport, 'startedAt' | 'ms'>,
  faults: readonly FaultReport[],
): Phase {
  if (faults.length === 0) return 'without faults'
  const endedAt = startedAt + ms
  if (faults.some(({ from, to }) => from < endedAt && to > startedAt)) return 'during a fault'
  if (faults.every(({ from }) => from >= endedAt)) return 'before the first fault'
  return faults.every(({ to }) => to <= startedAt) ? 'after the last fault' : 'between faults'
}
