import type { Target, TargetState } from '@chaos-kitchen/disruptor'
import type { ControlClient } from './control/client.ts'

/** A target that the host acts on, seen from a command. */
export function remoteTarget(name: string, control: () => ControlClient): Target {
  return {
    name,
    // The host lets nobody disturb its other parts.
    eligible: true,
    state: (): Promise<TargetState> => control().targetState(name),
    stop: () => control().act(name, 'stop'),
    kill: () => control().act(name, 'kill'),
    pause: () => control().act(name, 'pause'),
    resume: () => control().act(name, 'resume'),
    start: () => control().act(name, 'start'),
    ready: (signal) => control().act(name, 'ready', signal),
  }
}
