import { join } from 'node:path'
import type { Stage } from '@chaos-kitchen/kitchen'
import type { Battery } from '../batteries/index.ts'
import type { Exercise } from '../exercises/index.ts'
import { describeEffect, describePlace } from '../faults/describe.ts'
import type { Fault } from '../faults/fault.ts'
import type { Evidence } from '../invariants/index.ts'
import { scheduleOf } from '../run/schedule-of.ts'
import { type Effect, effectOf } from './effect.ts'
import { runOn } from './run-on.ts'

export interface FaultFinding {
  readonly id: string
  /** As `order → menu: slow reply, 420 ms`. */
  readonly fault: string
  readonly effect: Effect
  /** False where it only tells together with the others: the whole schedule against the same without this fault. */
  readonly alone: boolean
}

/**
 * Runs the exercise as it is handed out without any fault, and then once with each of its faults alone: a fault that
 * changes nothing for its callers teaches nothing. Where one changes nothing alone, as a kill that needs a slow database
 * to come in the middle of something, the whole schedule is run with and without it.
 */
export async function verifyFaults(
  stage: Stage,
  exercise: Exercise,
  { seed, repository, signal }: { seed: number; repository: string; signal: AbortSignal },
): Promise<FaultFinding[]> {
  const faults = scheduleOf(exercise.battery, seed)
  if (faults.length === 0) return []
  const file = join(repository, 'exercises', exercise.id, 'place-order.ts')
  const evidenceWith = (wanted: readonly Fault[]) =>
    evidenceOf((battery) => runOn(stage, { file, label: 'shipped', battery, seed }, signal), exercise.battery, wanted)
  const calm = await evidenceWith([])
  const findings: FaultFinding[] = []
  for (const fault of faults) {
    let effect = effectOf(fault, calm, await evidenceWith([fault]))
    const alone = effect.bites || faults.length === 1
    if (!alone) {
      const rest = faults.filter(({ id }) => id !== fault.id)
      effect = effectOf(fault, await evidenceWith(rest), await evidenceWith(faults))
    }
    const name = `${describePlace(fault)}: ${describeEffect(fault)}`
    findings.push({ id: fault.id, fault: name, effect, alone })
  }
  return findings
}

/** The same battery with other faults, its only check one that keeps what it is shown. */
async function evidenceOf(
  run: (battery: Battery) => Promise<unknown>,
  battery: Battery,
  faults: readonly Fault[],
): Promise<Evidence> {
  let seen: Evidence | undefined
  const witness = {
    name: 'evidence',
    check: (evidence: Evidence) => {
      seen = evidence
      return { passed: true, measured: 0, limit: 0, unit: '' }
    },
  }
  await run({ ...battery, schedule: () => [...faults], invariants: [witness] })
  if (seen === undefined) throw new Error(`${battery.name} showed no evidence.`)
  return seen
}
