import { type DisruptionKind, Disruptor, ledgerAt } from '@chaos-kitchen/disruptor'
import type { Stage } from '@chaos-kitchen/kitchen'
import { pause } from './pause.ts'

/**
 * Disrupts a target for a while, or until the signal aborts, and brings it back.
 *
 * @param duration milliseconds
 * @returns how long it took until it served again, in milliseconds
 */
export async function disruptByHand(
  stage: Stage,
  { kind, target, duration }: { kind: DisruptionKind; target: string; duration: number },
  signal: AbortSignal,
): Promise<number> {
  const disruptor = new Disruptor({ targets: stage.targets(), ledger: ledgerAt(stage.ledger) })
  try {
    const disruption = await disruptor.begin({ id: 'by-hand', kind, target }, signal)
    if (kind !== 'restart') await pause(duration, signal)
    const { timeToRecover = 0 } = await disruption.end()
    return timeToRecover
  } finally {
    await disruptor.close()
  }
}
