import { setTimeout as sleep } from 'node:timers/promises'
import { isFrozen, type ProcessIdentity, stillRuns } from '@chaos-kitchen/disruptor/processes'
import { StageError } from '../stage.ts'
import { ControlClient } from './control/client.ts'
import type { HostStatus } from './control/messages.ts'
import type { Home } from './home.ts'
import { readState } from './read-state.ts'

/** A host that answers. */
export interface Connection {
  control: ControlClient
  host: ProcessIdentity
  status: HostStatus
}

/** A host may be slow on a machine with too much to do; one that is silent for longer hangs. */
const ANSWER_WITHIN = 30_000
/** Between two looks whether a silent host was frozen, which no patience mends. */
const LOOK_EVERY = 1_000

/**
 * The host of this home; undefined when none runs or it is just ending.
 * @throws StageError when it runs and does not answer
 */
export async function findHost(home: Home): Promise<Connection | undefined> {
  const state = await readState(home)
  if (state === undefined) return undefined
  const host = { pid: state.host.pid, started: state.host.started }
  const control = new ControlClient(state.controlPort, state.token)
  const frozen = new AbortController()
  const timer = setInterval(async () => (await isFrozen(host.pid)) && frozen.abort(), LOOK_EVERY)
  const silent = AbortSignal.any([frozen.signal, AbortSignal.timeout(ANSWER_WITHIN)])
  try {
    return { control, host, status: await control.status(silent) }
  } catch {
    if (!silent.aborted || !(await stillRuns(host))) return undefined
    throw new StageError('stage-hangs', {
      what: `The restaurant's host (pid ${host.pid}) runs, but does not answer.`,
      meaning: frozen.signal.aborted ? 'Somebody froze it.' : 'The machine is overloaded, or the host hangs.',
      remedy: [`kill -9 ${host.pid}    to end it; the next command cleans up after it`],
    })
  } finally {
    clearInterval(timer)
  }
}

/** Resolves when the host has ended, and with it all that it owned. */
export async function hostEnded({ host }: Connection): Promise<void> {
  while (await stillRuns(host)) await sleep(20)
}
