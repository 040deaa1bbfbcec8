import { type Fault, type FaultEffect, isDisruption, isOutage, placeOf } from './fault.ts'

const EFFECTS: Record<FaultEffect['kind'], string> = {
  'slow request': 'slow request',
  'slow reply': 'slow reply',
  'lost request': 'request lost on its way',
  'lost reply': 'reply lost after the work',
  hang: 'no reply, connection open',
  reset: 'connections reset',
  stop: 'stopped',
  kill: 'killed',
  pause: 'frozen',
  restart: 'restarted',
  unavailable: 'unavailable',
  'slow work': 'works slowly',
  'dropped requests': 'requests dropped',
}

/** `order → menu`, or the name of a target. */
export function describePlace(fault: FaultEffect): string {
  return isDisruption(fault) || isOutage(fault) ? placeOf(fault) : fault.hop.replace('-', ' → ')
}

/** What happens there, as `slow reply, 420 ms`. */
export function describeEffect(fault: FaultEffect): string {
  const effect = EFFECTS[fault.kind]
  if (isDisruption(fault)) return effect
  const latency = isOutage(fault) ? fault.behaviour.delay : fault.toxic.attributes.latency
  return latency === undefined ? effect : `${effect}, ${latency} ms`
}

/** When it starts, as `order 3` or `1.20 s`. */
export function describeStart({ from }: Fault): string {
  if ('at' in from) return `at ${seconds(from.at)}`
  if ('saved' in from) return `order ${from.order} saved`
  return from.after === 0 ? `order ${from.order}` : `order ${from.order} + ${seconds(from.after)}`
}

/** How long it lasts, as `1.20 s`, `1 attempt` or `until it is saved`. */
export function describeEnd({ kind, until }: Fault): string {
  if (kind === 'restart') return 'once'
  if ('ms' in until) return seconds(until.ms)
  if ('attempts' in until) return until.attempts === 1 ? '1 attempt' : `${until.attempts} attempts`
  return 'until it is saved'
}

/** Milliseconds as `0.21 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`
}
