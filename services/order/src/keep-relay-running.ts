import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'

const FIRST_PAUSE = 100
const LONGEST_PAUSE = 2_000
/** A relay that ran this long was all right: its next failure is a new one. */
const STEADY = 10_000

/** Runs an implementation's relay until `signal` aborts; one that throws or returns early is started again. */
export async function keepRelayRunning(
  relay: (context: { signal: AbortSignal }) => Promise<void>,
  log: FastifyBaseLogger,
  signal: AbortSignal,
): Promise<void> {
  let pause = FIRST_PAUSE
  while (!signal.aborted) {
    const started = performance.now()
    try {
      await relay({ signal })
      if (!signal.aborted) log.warn('the relay returned before it was told to; it is started again')
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'the relay failed; it is started again')
    }
    if (performance.now() - started > STEADY) pause = FIRST_PAUSE
    await sleep(pause, undefined, { signal }).catch(() => undefined)
    pause = Math.min(pause * 2, LONGEST_PAUSE)
  }
}
