import type { Battery } from '../batteries/index.ts'
import type { Fault } from '../faults/fault.ts'
import type { InvariantResult, Measured, OrderOutcome } from '../invariants/index.ts'
import type { RunEvent } from './events.ts'

/** All that a screen needs to know of a run; made from its events alone. */
export interface RunState {
  readonly battery: Battery
  readonly orders: readonly OrderState[]
  readonly active: readonly ActiveFault[]
  readonly invariants: readonly InvariantResult[]
  /** What those that are still open have measured so far, by name. */
  readonly measured: Readonly<Record<string, Measured>>
  readonly waiting: string | undefined
}

export interface OrderState {
  readonly number: number
  readonly startedAt?: number
  readonly traceId?: string
  /** Once the trace can be found there. */
  readonly traceUrl?: string
  readonly attempt: number
  readonly outcome?: OrderOutcome
}

export interface ActiveFault {
  readonly fault: Fault
  readonly startedAt: number
}

export function initialState(battery: Battery): RunState {
  const orders = battery.orders.map(({ number }) => ({ number, attempt: 0 }))
  return { battery, orders, active: [], invariants: [], measured: {}, waiting: undefined }
}

export function reduce(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'order started':
      return { ...change(state, event.order, { startedAt: event.at, traceId: event.traceId }), waiting: undefined }
    case 'attempt started':
      return change(state, event.order, { attempt: event.attempt })
    case 'order ended':
      return change(state, event.outcome.planned.number, { outcome: event.outcome })
    case 'fault started':
      return { ...state, active: [...state.active, { fault: event.fault, startedAt: event.at }] }
    case 'fault ended':
      return { ...state, active: state.active.filter(({ fault }) => fault.id !== event.fault.id) }
    case 'invariant':
      return {
        ...state,
        invariants: [...state.invariants.filter(({ name }) => name !== event.result.name), event.result],
      }
    case 'measured':
      return { ...state, measured: event.checks }
    case 'waiting':
      return { ...state, waiting: event.what }
    case 'trace found':
      return change(state, event.order, { traceUrl: event.url })
    case 'attempt failed':
      return state
  }
}

function change(state: RunState, number: number, changes: Partial<OrderState>): RunState {
  return { ...state, orders: state.orders.map((order) => (order.number === number ? { ...order, ...changes } : order)) }
}
