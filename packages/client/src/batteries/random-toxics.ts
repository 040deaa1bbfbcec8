import type { SeededRandom } from '@chaos-kitchen/disruptor'
import type { FaultEnd } from '../faults/fault.ts'
import { lostReply, lostRequest, slowReply, slowRequest, type ToxicEffect } from '../faults/toxic-effect.ts'

export const HOPS = [
  'client-order',
  'order-menu',
  'order-loyalty',
  'order-postgres',
  'menu-postgres',
  'loyalty-postgres',
]

export type TimedToxic = ToxicEffect & { readonly until: FaultEnd }

/**
 * One toxic on each of these hops. The four kinds (slow and lost, before the work and after it) take turns from a random
 * start, so that four hops or more meet all of them.
 */
export function randomToxics(random: SeededRandom, hops: readonly string[]): TimedToxic[] {
  const kinds = random.shuffle([slow(slowRequest), slow(slowReply), lost(lostRequest), lost(lostReply)])
  return hops.map((hop, index) => pickInTurn(kinds, index)(random, hop))
}

type ToxicMaker = (random: SeededRandom, hop: string) => TimedToxic

function slow(make: (hop: string, ms: number) => ToxicEffect): ToxicMaker {
  return (random, hop) => ({ ...make(hop, random.integer(2, 10) * 100), until: { ms: random.integer(10, 25) * 100 } })
}

function lost(make: (hop: string) => ToxicEffect): ToxicMaker {
  return (random, hop) => ({ ...make(hop), until: { ms: random.integer(3, 15) * 100 } })
}

function pickInTurn(makers: readonly ToxicMaker[], index: number): ToxicMaker {
  const maker = makers[index % makers.length]
  if (maker === undefined) throw new RangeError('No kinds of toxics to pick from.')
  return maker
}
