import { setTimeout as sleep } from 'node:timers/promises'
import { type Dispatcher, request } from 'undici'
import type { Read } from '../invariants/index.ts'
import type { RunClock } from './clock.ts'

const TIMEOUT = 5_000

/** Guests who look at their orders while others place some: what overload must not do to them is measured here. */
export interface Reads {
  readonly results: readonly Read[]
  /** Resolves once the last read has its answer. */
  stop(): Promise<void>
}

/** @param url what is read, through the proxy */
export function readEvery(interval: number, url: string, dispatcher: Dispatcher, clock: RunClock): Reads {
  const results: Read[] = []
  const stopped = new AbortController()
  const inFlight = new Set<Promise<void>>()
  const loop = keepReading()
  return {
    results,
    async stop() {
      stopped.abort()
      await loop
      await Promise.all(inFlight)
    },
  }

  async function keepReading(): Promise<void> {
    while (!stopped.signal.aborted) {
      const read = readOnce().then(
        (result) => void results.push(result),
        () => {},
      )
      inFlight.add(read)
      void read.finally(() => inFlight.delete(read))
      await sleep(interval, undefined, { signal: stopped.signal }).catch(() => {})
    }
  }

  async function readOnce(): Promise<Read> {
    const at = clock.now()
    try {
      const { statusCode, body } = await request(url, { dispatcher, signal: AbortSignal.timeout(TIMEOUT) })
      await body.dump()
      return { at, ms: clock.now() - at, status: statusCode }
    } catch {
      return { at, ms: clock.now() - at }
    }
  }
}
