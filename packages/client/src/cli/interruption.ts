import { Interrupted } from './errors.ts'

export interface Interruption {
  /** Aborts with an `Interrupted` at the first signal. */
  readonly signal: AbortSignal
  stopListening(): void
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * The first Ctrl-C stops cleanly and says so. The second ends this process at once; the host of the restaurant sees
 * that and takes everything down without it.
 */
export function listenForInterruption(say: (line: string) => void): Interruption {
  const controller = new AbortController()
  const listener = (name: NodeJS.Signals) => {
    const interrupted = new Interrupted(name)
    if (controller.signal.aborted) process.exit(interrupted.exitCode)
    controller.abort(interrupted)
    say('Stopping: what was begun is brought to an end. Ctrl-C again: at once.')
  }
  for (const name of SIGNALS) process.on(name, listener)
  return {
    signal: controller.signal,
    stopListening() {
      for (const name of SIGNALS) process.removeListener(name, listener)
    },
  }
}
