import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { OrderService } from './define-order-service.ts'

/** Without news there is a round now and then all the same: another process may have committed something. */
const LONGEST_WAIT = 1_000
/** What could not be told just now is tried again soon. */
const AGAIN = 250
const FIRST_PAUSE = 100
const LONGEST_PAUSE = 2_000

interface RelayWorld {
  /** Resolves when something was committed that is to be told, at the latest after so many milliseconds. */
  readonly waitForNews: (atMost: number, options: { signal: AbortSignal }) => Promise<void>
  readonly log: FastifyBaseLogger
}

/** Has an implementation's relay do round after round until `signal` aborts, pausing longer each time that it throws. */
export async function keepRelayRunning(
  relay: NonNullable<OrderService['relay']>,
  { waitForNews, log }: RelayWorld,
  signal: AbortSignal,
): Promise<void> {
  let pause = FIRST_PAUSE
  while (!signal.aborted) {
    try {
      const done = await relay({ signal })
      pause = FIRST_PAUSE
      if (done === false) await sleep(AGAIN, undefined, { signal })
      else await waitForNews(LONGEST_WAIT, { signal })
    } catch (error) {
      if (signal.aborted) return
      log.error({ err: error }, 'the relay failed; it is started again')
      await sleep(pause, undefined, { signal }).catch(() => undefined)
      pause = Math.min(pause * 2, LONGEST_PAUSE)
    }
  }
}
