import type { Stage } from '@chaos-kitchen/kitchen'
import { type DisruptionEffect, isDisruption } from '../faults/fault.ts'
import { disruptTarget } from './disruption.ts'
import type { FaultStarter } from './fault-life.ts'
import { faultReporter } from './fault-reporter.ts'
import { connectToxics } from './toxics.ts'

export interface Faults {
  readonly start: FaultStarter
  close(): Promise<void>
}

/**
 * Puts toxics and disruptions in place on a stage, and tells the collector of each.
 *
 * @param run distinguishes the faults of this run
 */
export function faultStarter(stage: Stage, { run, otlp }: { run: string; otlp: string }): Faults {
  const toxics = connectToxics(stage.proxies())
  const reporter = faultReporter(otlp, run)
  return {
    async start(fault) {
      const end = isDisruption(fault) ? await disruptTarget(targetOf(stage, fault), fault.kind) : await addToxic(fault)
      reporter.began(fault)
      return {
        async end() {
          const outcome = await end()
          reporter.ended(fault)
          return outcome
        },
      }
    },
    close: () => reporter.settled(),
  }

  async function addToxic(fault: Parameters<typeof toxics.add>[1] & { readonly id: string }) {
    await toxics.add(fault.id, fault)
    return async () => {
      await toxics.remove(fault.id, fault.hop)
      return {}
    }
  }
}

function targetOf(stage: Stage, { target: name }: DisruptionEffect) {
  const target = stage.targets().find((candidate) => candidate.name === name && candidate.eligible)
  if (target === undefined) throw new RangeError(`This stage has no ${name} that may be disrupted.`)
  return target
}
