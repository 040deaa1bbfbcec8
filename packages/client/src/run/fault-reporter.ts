import type { StageAddresses } from '@chaos-kitchen/kitchen'
import { describeEffect, describePlace } from '../faults/describe.ts'
import { type Fault, placeOf } from '../faults/fault.ts'

/** Tells whoever shows traces of faults, so that they are drawn over the traces of that moment. */
export interface FaultReporter {
  began(fault: Fault): void
  ended(fault: Fault): void
  /** Resolves once all that was reported has been sent, or could not be. */
  settled(): Promise<void>
}

/**
 * Reports in the background: a collector that is away never holds a battery up.
 *
 * @param run distinguishes the faults of this run from those of others
 */
export function faultReporter({ reportFault }: Pick<StageAddresses, 'reportFault'>, run: string): FaultReporter {
  let sending: Promise<void> = Promise.resolve()
  const began = new Map<string, number>()
  const report = (fault: Fault, times: { from: number; to?: number }): void => {
    const label = `${describePlace(fault)}: ${describeEffect(fault)}`
    const reported = { id: `${run}-${fault.id}`, kind: fault.kind, target: placeOf(fault), label, ...times }
    // What can't be drawn is missed on a page and nowhere else; the run's own report has every fault.
    sending = sending.then(() => reportFault(reported)).catch(() => undefined)
  }
  return {
    began(fault) {
      const from = Date.now()
      began.set(fault.id, from)
      report(fault, { from })
    },
    ended(fault) {
      report(fault, { from: began.get(fault.id) ?? Date.now(), to: Date.now() })
    },
    settled: () => sending,
  }
}
