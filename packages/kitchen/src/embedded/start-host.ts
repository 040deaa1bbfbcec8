import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { Value } from 'typebox/value'
import type { UpOptions } from '../stage.ts'
import { HostMessage, type HostOptions, toStageError } from './control/messages.ts'
import { homeAt, makeHome } from './home.ts'
import { nodeEnvironment } from './parts/node.ts'

/**
 * Starts a host and waits until its restaurant is ready.
 * @returns the host, or undefined when another process runs or cleans up this restaurant
 * @throws StageError as the host tells it; the reason of `signal` when that aborts, once everything is down again
 */
export async function startHost(
  options: HostOptions,
  { onProgress, signal }: Pick<UpOptions, 'onProgress' | 'signal'>,
): Promise<ChildProcess | undefined> {
  const home = homeAt(options.home)
  makeHome(home)
  const log = openSync(join(home.logs, 'host.log'), 'a')
  const host = spawn(process.execPath, [join(import.meta.dirname, 'host/main.ts'), JSON.stringify(options)], {
    // A process group of its own: Ctrl-C in the terminal reaches the command alone, and the host ends things in order.
    detached: true,
    windowsHide: true,
    // Inherited by all that it starts, so that any process of a restaurant can be told by its environment.
    env: { ...nodeEnvironment(), KITCHEN_HOME: options.home },
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  const giveUp = () => host.connected && host.disconnect()
  signal?.addEventListener('abort', giveUp, { once: true })
  try {
    if (signal?.aborted) giveUp()
    const outcome = await outcomeOf(host, onProgress)
    if (signal?.aborted) {
      await ended(host)
      throw signal.reason
    }
    if (outcome.type === 'failed') {
      await ended(host)
      throw toStageError(outcome.failure)
    }
    return outcome.type === 'ready' ? host : undefined
  } finally {
    signal?.removeEventListener('abort', giveUp)
  }
}

/** Once the host and all that it owned has ended. */
export async function ended(host: ChildProcess): Promise<void> {
  if (host.exitCode === null && host.signalCode === null) await once(host, 'exit')
}

type Outcome = Exclude<HostMessage, { type: 'progress' }>

function outcomeOf(host: ChildProcess, onProgress: UpOptions['onProgress']): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
  host.on('message', (message) => {
    if (!Value.Check(HostMessage, message)) return
    if (message.type !== 'progress') resolve(message)
    else onProgress?.({ ready: message.progress.ready, waiting: message.progress.waiting, ...noteOf(message.progress) })
  })
  host.once('error', reject)
  host.once('exit', (code, name) => {
    // Any message of an outcome came before; without one it was killed.
    const failure = {
      code: 'host-ended',
      what: `The host of the restaurant ended while it started (${name ?? `exit code ${code}`}).`,
      meaning: 'It was killed, or it could not be loaded. What it had started ends with it.',
      remedy: ['tail .kitchen/logs/host.log    to see what it said', 'pnpm workshop    to try again'],
    }
    setImmediate(() => resolve({ type: 'failed', failure }))
  })
  return promise
}

function noteOf({ note }: { note?: string }): { note?: string } {
  return note === undefined ? {} : { note }
}
