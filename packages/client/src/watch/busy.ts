import { monitorEventLoopDelay } from 'node:perf_hooks'
import { seconds } from '../faults/describe.ts'

/** Milliseconds. On a machine with nothing else to do, timers are late by some dozens at most. */
const LATE = 250

/** Does the work, and measures how late timers of this process were meanwhile, at most, in milliseconds. */
export async function withLateness<T>(work: () => Promise<T>): Promise<{ result: T; late: number }> {
  const delays = monitorEventLoopDelay({ resolution: 10 })
  delays.enable()
  try {
    const result = await work()
    return { result, late: Math.round(delays.max / 1e6) }
  } finally {
    delays.disable()
  }
}

/** What to say of a red verdict; nothing where the machine had time for the run. */
export function busyNotice(late: number): string | undefined {
  if (late < LATE) return undefined
  return `This machine was busy with something else: timers were up to ${seconds(late)} late. What failed may have failed for that; r runs it again.`
}
