import type { World } from './world.ts'

/** Resolves after `delay` milliseconds, or rejects with the signal's reason at once when it aborts. */
export function sleep(world: World, delay: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const abort = () => {
      timer.cancel()
      reject(signal.reason)
    }
    const timer = world.setTimer(delay, () => {
      signal.removeEventListener('abort', abort)
      resolve()
    })
    signal.addEventListener('abort', abort, { once: true })
  })
}
