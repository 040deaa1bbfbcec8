export { type DisruptorClock, realClock } from './clock.ts'
export {
  type DisruptionRequest,
  Disruptor,
  type DisruptorOptions,
  type RunningDisruption,
} from './disruptor.ts'
export { FaultEvent, faultEventFile } from './fault-event.ts'
export { DEFAULT_GUARDS, type Guards } from './guards.ts'
export type { LedgerBegin } from './ledger/entry.ts'
export { type HealOptions, healFromLedger } from './ledger/heal.ts'
export { type Ledger, ledgerAt } from './ledger/ledger.ts'
export * from './processes/index.ts'
export { type SeededRandom, seededRandom } from './random.ts'
export { restore } from './restore.ts'
export { runSchedule, type ScheduleRun } from './run-schedule.ts'
export { type PlanOptions, planSchedule } from './schedule/plan-schedule.ts'
export { Anchor, Disruption, parseSchedule, printSchedule, Schedule } from './schedule/schedule.ts'
export type { DisruptionKind, Target, TargetState } from './target.ts'
