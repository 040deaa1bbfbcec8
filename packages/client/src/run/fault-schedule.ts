import type { Fault } from '../faults/fault.ts'
import { type FaultLife, type FaultWorld, faultLife } from './fault-life.ts'
import { pause } from './pause.ts'
import type { FaultRecord } from './verdict.ts'

/** Follows a schedule while a battery runs: each fault appears at its order or time and ends as it says. */
export interface RunningSchedule {
  /** Starts the clock of faults that are anchored to times. */
  begin(): void
  /** Resolves once the faults that this order starts with are in place. */
  orderStarts(order: number): Promise<void>
  /** Resolves once what the end of this attempt ends is over. */
  attemptEnded(order: number, attempts: number): Promise<void>
  /** Lifts what would wait for further attempts. */
  orderEnded(order: number): Promise<void>
  /** Resolves once every fault that has been set going is over. */
  calm(): Promise<void>
  /** Ends everything now; resolves once all that was hit serves again. */
  stop(): Promise<void>
  /** The faults that came, in the order of their start. */
  records(): Promise<FaultRecord[]>
}

export interface Sightings {
  /** Whether the order has been saved by now, looked up past the proxies. */
  isSaved(order: number): Promise<boolean>
  /** Resolves the moment that the order is saved, or when the signal aborts. */
  untilSaved(order: number, signal: AbortSignal): Promise<void>
}

export function followSchedule(
  schedule: readonly Fault[],
  world: FaultWorld,
  { isSaved, untilSaved }: Sightings,
): RunningSchedule {
  const lives: FaultLife[] = []
  let stopped = false

  const live = (fault: Fault): void => {
    if (!stopped) lives.push(faultLife(fault, (lifted) => momentOf(fault, lifted), world))
  }
  const momentOf = async ({ from }: Fault, lifted: AbortSignal): Promise<void> => {
    if ('saved' in from) return untilSaved(from.order, lifted)
    const delay = 'at' in from ? from.at : from.after
    if (delay > 0) await pause(delay, lifted)
  }
  const livesOf = (order: number) => lives.filter(({ fault: { from } }) => 'order' in from && from.order === order)
  const calm = async () => {
    await Promise.all(lives.map(({ over }) => over))
  }

  return {
    calm,
    begin() {
      for (const fault of schedule) if ('at' in fault.from) live(fault)
    },
    async orderStarts(order) {
      for (const fault of schedule) if ('order' in fault.from && fault.from.order === order) live(fault)
      const immediate = livesOf(order).filter(({ fault: { from } }) => 'after' in from && from.after === 0)
      await Promise.all(immediate.map(({ inPlace }) => inPlace))
    },
    async attemptEnded(order, attempts) {
      for (const life of livesOf(order)) {
        const { until } = life.fault
        if ('ms' in until) continue
        const ended =
          'attempts' in until ? attempts >= until.attempts : attempts >= until.savedWithin || (await isSaved(order))
        if (!ended) continue
        life.lift()
        await life.over
      }
    },
    async orderEnded(order) {
      const waiting = livesOf(order).filter(({ fault }) => !('ms' in fault.until) || 'saved' in fault.from)
      for (const life of waiting) life.lift()
      await Promise.all(waiting.map(({ over }) => over))
    },
    async stop() {
      stopped = true
      for (const life of lives) life.lift()
      const outcomes = await Promise.allSettled(lives.map(({ over }) => over))
      const failed = outcomes.find((outcome) => outcome.status === 'rejected')
      if (failed !== undefined) throw failed.reason
    },
    async records() {
      const records = await Promise.all(lives.map(({ over }) => over))
      return records.filter((record) => record !== undefined).sort((a, b) => a.from - b.from)
    },
  }
}
