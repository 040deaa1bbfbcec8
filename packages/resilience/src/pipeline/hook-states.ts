/**
 * What each hook's `enter` returned, for its `exit`. The first four hooks have a field of the call itself: an array for
 * each call would cost more than most policies do, and so would an object or a base class of these fields.
 */
export interface HookStates {
  state0: unknown
  state1: unknown
  state2: unknown
  state3: unknown
  /** By depth. */
  furtherStates: unknown[] | undefined
}

/** What belongs to the hook at `depth`. */
export function stateAt(depth: number, states: HookStates): unknown {
  switch (depth) {
    case 0:
      return states.state0
    case 1:
      return states.state1
    case 2:
      return states.state2
    case 3:
      return states.state3
    default:
      return states.furtherStates?.[depth]
  }
}

export function keepState(depth: number, states: HookStates, state: unknown): void {
  switch (depth) {
    case 0:
      states.state0 = state
      break
    case 1:
      states.state1 = state
      break
    case 2:
      states.state2 = state
      break
    case 3:
      states.state3 = state
      break
    default:
      states.furtherStates ??= []
      states.furtherStates[depth] = state
  }
}

export function copyStates(from: HookStates, to: HookStates): void {
  to.state0 = from.state0
  to.state1 = from.state1
  to.state2 = from.state2
  to.state3 = from.state3
  to.furtherStates = from.furtherStates?.slice()
}
