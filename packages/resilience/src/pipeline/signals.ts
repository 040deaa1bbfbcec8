import type { Call } from './call.ts'

/**
 * Interrupts the call when the signal aborts. A signal gets one listener however many calls follow it (a server's
 * shutdown signal may see thousands at once), and ceasing to follow is O(1).
 *
 * @returns a function that ceases to follow
 */
export function follow(signal: AbortSignal, call: Call, depth: number): () => void {
  if (signal.aborted) {
    call.interrupt(signal.reason, depth, true)
    return nothing
  }
  let followers = followersOf.get(signal)
  if (followers === undefined) {
    const created = new Map<Call, number>()
    followers = created
    followersOf.set(signal, created)
    signal.addEventListener(
      'abort',
      () => {
        for (const [follower, at] of created) follower.interrupt(signal.reason, at, true)
        created.clear()
      },
      { once: true },
    )
  }
  const calls = followers
  calls.set(call, depth)
  return () => calls.delete(call)
}

const followersOf = new WeakMap<AbortSignal, Map<Call, number>>()

function nothing(): void {}
