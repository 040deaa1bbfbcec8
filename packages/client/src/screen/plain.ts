import { describeEffect, describePlace, seconds } from '../faults/describe.ts'
import { money } from '../invariants/words.ts'
import type { RunEvent } from '../run/events.ts'
import { countOf } from './words.ts'

/** One line an event, for what is no terminal; undefined for events that are not worth a line. */
export function describeEvent(event: RunEvent): string | undefined {
  const text = textOf(event)
  return text === undefined ? undefined : ` ${seconds(event.at).padStart(8)}  ${text}`
}

function textOf(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'order started':
      return `order ${event.order} goes out`
    case 'attempt failed':
      return `order ${event.order}: attempt ${event.attempt.number} ${event.attempt.failure ?? 'failed'} after ${seconds(event.attempt.ms)}`
    case 'order ended': {
      const { planned, reply, attempts, ms, gaveUp } = event.outcome
      if (reply === undefined) return `order ${planned.number} lost: ${gaveUp}`
      return `order ${planned.number} placed: ${money(reply.amountInCents)}, ${reply.discountPercentage} % off, ${countOf(attempts.length, 'attempt')}, ${seconds(ms)}`
    }
    case 'fault started':
      return `fault begins: ${describePlace(event.fault)}, ${describeEffect(event.fault)}`
    case 'fault ended':
      return `fault over: ${describePlace(event.fault)}${event.recoveryMs === undefined ? '' : `, serving again after ${seconds(event.recoveryMs)}`}`
    case 'waiting':
      return `waiting for ${event.what}`
    case 'trace found':
      return `order ${event.order}: trace ${event.url}`
    case 'invariant': {
      const { name, passed, measured, unit, shown = `${measured} ${unit}` } = event.result
      return event.early ? `check ${passed ? 'kept' : 'failed'}: ${name}, ${shown}` : undefined
    }
    case 'attempt started':
    case 'measured':
      return undefined
  }
}
