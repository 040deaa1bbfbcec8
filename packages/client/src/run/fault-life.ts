import type { Fault } from '../faults/fault.ts'
import type { RunClock } from './clock.ts'
import type { Listener } from './events.ts'
import { pause } from './pause.ts'
import type { FaultRecord } from './verdict.ts'

/** Puts a fault in place. */
export type FaultStarter = (fault: Fault) => Promise<RunningFault>

export interface RunningFault {
  /** Lifts it; resolves once what it hit serves again, for a target with the time that this took (ms). */
  end(): Promise<{ readonly recoveryMs?: number }>
}

/** One fault, from its appearance to its end. */
export interface FaultLife {
  readonly fault: Fault
  readonly inPlace: Promise<unknown>
  /** The record, or undefined when it was lifted before it appeared. */
  readonly over: Promise<FaultRecord | undefined>
  /** Ends it now; one that has not appeared yet never will. */
  lift(): void
}

export interface FaultWorld {
  readonly start: FaultStarter
  readonly clock: RunClock
  readonly listener: Listener
}

/** @param moment resolves when the fault is to appear, early when the signal aborts */
export function faultLife(
  fault: Fault,
  moment: (lifted: AbortSignal) => Promise<void>,
  { start, clock, listener }: FaultWorld,
): FaultLife {
  const lifted = new AbortController()
  const inPlace = appear()
  const over = leave()
  // Awaited by whoever runs the battery, perhaps only at its end.
  inPlace.catch(() => {})
  over.catch(() => {})
  return { fault, inPlace, over, lift: () => lifted.abort() }

  async function appear() {
    await moment(lifted.signal)
    if (lifted.signal.aborted) return undefined
    const running = await start(fault)
    const from = clock.now()
    listener({ type: 'fault started', at: from, fault })
    return { running, from }
  }

  async function leave(): Promise<FaultRecord | undefined> {
    const placed = await inPlace
    if (placed === undefined) return undefined
    await pause('ms' in fault.until ? fault.until.ms : Number.POSITIVE_INFINITY, lifted.signal)
    const recovery = await placed.running.end()
    const to = clock.now()
    listener({ type: 'fault ended', at: to, fault, ...recovery })
    return { fault, from: placed.from, to, ...recovery }
  }
}
