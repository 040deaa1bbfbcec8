import { setTimeout as sleep } from 'node:timers/promises'
import type { Stage } from '@chaos-kitchen/kitchen'

const LOOK_EVERY = 300

/**
 * Tells when the order service ends by itself during a run, as after a process.exit: the kitchen starts it again, and
 * a guest who asks again would never learn why there is no answer. What a fault stops does not count.
 */
export function watchForEnds(
  stage: Stage,
  onEnd: (what: string) => void,
  signal: AbortSignal,
): { settled(): Promise<void> } {
  const done = new AbortController()
  const stopped = AbortSignal.any([signal, done.signal])
  const count = async () =>
    (await stage.status()).services.find(({ name }) => name === 'order')?.endsByItself ?? { times: 0, last: '' }
  // Where the kitchen cannot be asked, whoever runs the battery meets the same trouble, and tells it.
  const watching = look().catch(() => undefined)

  async function look(): Promise<void> {
    const before = await count()
    while (!stopped.aborted) {
      await sleep(LOOK_EVERY, undefined, { signal: stopped })
      const { times, last } = await count()
      if (times > before.times) return onEnd(last)
    }
  }

  return {
    async settled() {
      done.abort()
      await watching
    },
  }
}
