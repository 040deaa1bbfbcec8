import { AttemptContext, type CallContext } from './context.ts'

/**
 * Calls back when nobody waits for the attempt any more, at once when that is so already. For policies: costs no signal,
 * of which one that follows the caller's and is listened to takes Node a while to forget.
 *
 * @returns a function that ends it
 */
export function whenEnded(context: CallContext, callback: (reason: unknown) => void): () => void {
  if (context instanceof AttemptContext) {
    const follower = { interrupt: callback }
    context.adopt(follower)
    return () => context.release(follower)
  }
  const { signal } = context
  const listener = () => callback(signal.reason)
  if (signal.aborted) listener()
  signal.addEventListener('abort', listener)
  return () => signal.removeEventListener('abort', listener)
}
