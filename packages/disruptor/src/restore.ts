import type { Target } from './target.ts'

/** Milliseconds that a target may take to serve again. */
const READY_WITHIN = 30_000

/**
 * Brings a target back, whatever was done to it, and waits until it serves.
 * @throws Error when it does not within half a minute; the reason of `signal` when that aborts
 */
export async function restore(target: Target, signal?: AbortSignal): Promise<void> {
  await target.resume()
  await target.start()
  const within = AbortSignal.timeout(READY_WITHIN)
  await target.ready(signal === undefined ? within : AbortSignal.any([signal, within]))
}
