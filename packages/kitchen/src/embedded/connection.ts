import { setTimeout as sleep } from 'node:timers/promises'
import { type ProcessIdentity, stillRuns } from '@chaos-kitchen/disruptor/processes'
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

/** A host may be busy with a start on a slow machine; one that is silent for longer hangs. */
const ANSWER_WITHIN = 5_000

/**
 * The host of this home; undefined when none runs or it is just ending.
 * @throws StageError when it runs and does not answer
 */
export async function findHost(home: Home): Promise<Connection | undefined> {
  const state = await readState(home)
  if (state === undefined) return undefined
  const host = { pid: state.host.pid, started: state.host.started }
  const control = new ControlClient(state.controlPort, state.token)
  const silent = AbortSignal.timeout(ANSWER_WITHIN)
  try {
    return { control, host, status: await control.status(silent) }
  } catch {
    if (!silent.aborted || !(await stillRuns(host))) return undefined
    throw new StageError('stage-hangs', {
      what: `The restaurant's host (pid ${host.pid}) runs, but does not answer.`,
      meaning: 'It was frozen, or the machine is overloaded.',
      remedy: [`kill -9 ${host.pid}    to end it; the next command cleans up after it`],
    })
  }
}

/** Resolves when the host has ended, and with it all that it owned. */
export async function hostEnded({ host }: Connection): Promise<void> {
  while (await stillRuns(host)) await sleep(20)
}
