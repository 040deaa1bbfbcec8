import { seededRandom } from '@chaos-kitchen/disruptor'
import type { Battery } from '../batteries/index.ts'
import type { Fault } from '../faults/fault.ts'

/** The faults of a run, made up front: the same battery and seed give the same ones, byte for byte. */
export function scheduleOf(battery: Battery, seed: number): Fault[] {
  return battery.schedule(seededRandom(seed).fork(battery.name))
}
