import { setTimeout as wait } from 'node:timers/promises'

/** Time as the disruptor sees it, so that tests can run hours of it in a moment. */
export interface DisruptorClock {
  /** Milliseconds since the epoch. */
  now(): number
  /** @throws the signal's reason when it aborts first */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const realClock: DisruptorClock = {
  now: Date.now,
  async sleep(ms, signal) {
    try {
      await wait(ms, undefined, signal && { signal })
    } catch (error) {
      throw signal?.aborted ? signal.reason : error
    }
  },
}
