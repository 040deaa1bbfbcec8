import type { DisruptionKind, Target } from '@chaos-kitchen/disruptor'

const READY_WITHIN = 30_000

/** Does it now; the function that comes back undoes it and resolves once the target serves again. */
export async function disruptTarget(
  target: Target,
  kind: DisruptionKind,
): Promise<() => Promise<{ recoveryMs: number }>> {
  if (kind === 'pause') await target.pause()
  else if (kind === 'kill') await target.kill()
  else await target.stop()
  return async () => {
    const began = performance.now()
    await (kind === 'pause' ? target.resume() : target.start())
    await target.ready(AbortSignal.timeout(READY_WITHIN))
    return { recoveryMs: performance.now() - began }
  }
}
