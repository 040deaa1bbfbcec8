import { pause } from './pause.ts'

const BETWEEN_LOOKS = 100
const AT_ONCE = 4

/**
 * Resolves once the order can be seen, or when the signal aborts. Looks again before the last look is back: a database
 * that is slow on purpose must not hide the moment.
 */
export async function untilSaved(isSaved: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  const seen = new AbortController()
  const over = AbortSignal.any([seen.signal, signal])
  let looking = 0
  while (!over.aborted) {
    if (looking < AT_ONCE) {
      looking++
      void isSaved().then((saved) => {
        looking--
        if (saved) seen.abort()
      })
    }
    await pause(BETWEEN_LOOKS, over)
  }
}
