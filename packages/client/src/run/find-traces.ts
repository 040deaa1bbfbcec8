import type { StageAddresses } from '@chaos-kitchen/kitchen'
import { pause } from './pause.ts'

/** Looks for traces until each can be found, so that no link is printed that leads nowhere. */
export interface TraceFinder {
  lookFor(order: number, traceId: string): void
  /** Waits for the rest, at most this long (ms). The links by order, of those that were found. */
  finish(patience: number): Promise<Map<number, string>>
  stop(): void
}

const BETWEEN_LOOKS = 250
const AT_ONCE = 8

export function traceFinder(
  addresses: Pick<StageAddresses, 'traceFound' | 'traceUrl'>,
  onFound: (order: number, url: string) => void = () => {},
): TraceFinder {
  const wanted = new Map<number, string>()
  const found = new Map<number, string>()
  const stopped = new AbortController()
  const looking = look()

  async function look(): Promise<void> {
    while (!stopped.signal.aborted) {
      for (const batch of batches([...wanted]))
        await Promise.all(batch.map(([order, traceId]) => lookOnce(order, traceId)))
      await pause(BETWEEN_LOOKS, stopped.signal)
    }
  }

  async function lookOnce(order: number, traceId: string): Promise<void> {
    // A collector that is away has found nothing; the next look asks again.
    if (!(await addresses.traceFound(traceId).catch(() => false))) return
    wanted.delete(order)
    const url = addresses.traceUrl(traceId)
    found.set(order, url)
    onFound(order, url)
  }

  return {
    lookFor: (order, traceId) => void wanted.set(order, traceId),
    async finish(patience) {
      const giveUpAt = performance.now() + patience
      while (wanted.size > 0 && performance.now() < giveUpAt) await pause(50, stopped.signal)
      stopped.abort()
      await looking
      return found
    },
    stop: () => stopped.abort(),
  }
}

function batches<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, index) =>
    items.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  )
}
