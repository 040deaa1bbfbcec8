import type { Priority } from './execute-options.ts'
import type { HookedCall } from './hooked-call.ts'

/** From what is served first and given up last. */
export const PRIORITIES: readonly Priority[] = ['critical', 'high', 'normal', 'low']

/** What the caller said; anything that is no priority counts as `normal`, since a typo must not cost a call. */
export function priorityOf(call: HookedCall): Priority {
  const { priority } = call.options
  return priority !== undefined && PRIORITIES.includes(priority) ? priority : 'normal'
}

/** 0 is served first. */
export function rankOf(call: HookedCall): number {
  return PRIORITIES.indexOf(priorityOf(call))
}
