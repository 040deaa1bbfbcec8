import { Call } from './call.ts'
import type { AttemptContext } from './context.ts'
import type { NextOptions } from './policy.ts'
import { run } from './run.ts'
import { follow } from './signals.ts'

/** Runs the wrap layer of the call's segment; each `next` is a call of its own through the segment inside. */
export function wrapped(call: Call, context: AttemptContext): Promise<unknown> | undefined {
  const { wrap, inner } = call.segment
  if (wrap === undefined || inner === undefined) return undefined
  const next = async (options: NextOptions = {}): Promise<unknown> => {
    const child = new Call(inner, call.fn, options.background ? background(call) : call.options)
    child.attempt = options.attempt ?? call.attempt
    if (!options.background) {
      child.limit = call.limit
      context.adopt(child)
    }
    const unfollow = options.signal && follow(options.signal, child, -1)
    try {
      child.check()
      return await run(child)
    } finally {
      unfollow?.()
      context.release(child)
    }
  }
  return wrap.wrap(next, context)
}

function background(call: Call) {
  return { ...call.options, signal: undefined, deadline: undefined }
}
