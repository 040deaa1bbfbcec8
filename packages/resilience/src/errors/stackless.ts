/**
 * Makes an error without a stack trace. A policy that turns calls away does so most during an outage, and taking a
 * stack is what costs then (three times the whole rejection); the message names the pipeline and the policy instead.
 */
export function stackless<E extends Error>(create: () => E): E {
  const limit = Error.stackTraceLimit
  if (!writable()) return create()
  Error.stackTraceLimit = 0
  try {
    return create()
  } finally {
    Error.stackTraceLimit = limit
  }
}

/** Frozen intrinsics forbid the trick. */
function writable(): boolean {
  return !Object.isFrozen(Error)
}
