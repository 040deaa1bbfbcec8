import { Disruptor, ledgerAt } from '@chaos-kitchen/disruptor'
import type { Stage } from '@chaos-kitchen/kitchen'
import { type Fault, isDisruption, isOutage } from '../faults/fault.ts'
import type { FaultStarter, RunningFault } from './fault-life.ts'
import { faultReporter } from './fault-reporter.ts'
import { beginOutage } from './outages.ts'
import { connectToxics } from './toxics.ts'

export interface Faults {
  readonly start: FaultStarter
  /** Brings every target back; resolves once the collector has been told. */
  close(): Promise<void>
}

/**
 * Puts toxics and disruptions in place on a stage, and tells the collector of each.
 *
 * @param run distinguishes the faults of this run
 */
export function faultStarter(stage: Stage, run: string): Faults {
  const toxics = connectToxics(stage.proxies())
  const ledger = ledgerAt(stage.ledger)
  const disruptor = new Disruptor({ targets: stage.targets(), ledger })
  const reporter = faultReporter(stage.addresses(), run)
  const begin = async (fault: Fault): Promise<RunningFault> => {
    if (isOutage(fault)) return beginOutage(stage.addresses().direct, fault)
    if (!isDisruption(fault)) {
      // On disk before it is done, so that the next command takes away what a killed one left.
      const entry = await ledger.begin({ kind: 'toxic', target: fault.hop, toxic: fault.id })
      await toxics.add(fault.id, fault)
      return {
        async end() {
          await toxics.remove(fault.id, fault.hop)
          await ledger.end(entry)
          return {}
        },
      }
    }
    const disruption = await disruptor.begin(fault)
    return { end: () => disruption.end().then(({ timeToRecover = 0 }) => ({ recoveryMs: timeToRecover })) }
  }
  return {
    async start(fault) {
      const running = await begin(fault)
      reporter.began(fault)
      return {
        async end() {
          const outcome = await running.end()
          reporter.ended(fault)
          return outcome
        },
      }
    },
    async close() {
      await disruptor.close()
      await reporter.settled()
    },
  }
}
