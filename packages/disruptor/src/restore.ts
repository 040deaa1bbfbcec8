import type { Target } from './target.ts'

/** Milliseconds that a target may take to serve again. */
const READY_WITHIN = 30_000

/**
 * Brings a target back, whatever was done to it, and waits until it serves.
 * @throws Error when it does not within half a minute
 */
export async function restore(target: Target): Promise<void> {
  await target.resume()
  await target.start()
  await target.ready(AbortSignal.timeout(READY_WITHIN))
}
