import { type Call, isThenable } from './call.ts'
import { AttemptContext } from './context.ts'
import { wrapped } from './wrapped.ts'

/**
 * The engine: in through the hooks, to what is inside, out through the hooks; in again from any hook that asks for it.
 * One async function for all hook layers, since each further async layer costs more than most policies do.
 */
export async function run(call: Call): Promise<unknown> {
  const { hooks } = call.segment
  for (;;) {
    let work: PromiseLike<unknown> | undefined
    try {
      while (call.depth < hooks.length) {
        if (call.interruption !== undefined) throw call.interruption.error
        call.states[call.depth] = hooks[call.depth]?.enter(call)
        if (call.waiting !== undefined) await call.takeWaiting()
        call.depth++
      }
      if (call.interruption !== undefined) throw call.interruption.error
      const context = new AttemptContext(call)
      call.context = context
      const result = call.segment.wrap === undefined ? call.fn(context) : wrapped(call, context)
      if (isThenable(result)) {
        work = result
        call.value = await call.race(result)
      } else call.value = result
      call.failed = false
    } catch (error) {
      call.fail(error)
      if (work !== undefined && call.interruption?.abandoned) leaveBehind(call, work)
    }
    let again = false
    while (call.depth > 0 && !again) {
      call.depth--
      exit(call)
      if (call.replacement !== undefined) await replace(call)
      else if (call.nextDelay >= 0) again = await pause(call)
    }
    if (!again) break
    call.depth++
    call.context = undefined
  }
  if (call.failed) throw call.error
  return call.value
}

/** Hooks don't throw, but what users hand them may (a predicate, a backoff): that becomes the outcome. */
function exit(call: Call): void {
  try {
    call.segment.hooks[call.depth]?.exit(call, call.states[call.depth])
  } catch (error) {
    call.nextDelay = -1
    call.replacement = undefined
    call.fail(error)
  }
  if (call.interruption !== undefined && call.interruption.depth === call.depth) call.interruption = undefined
}

async function replace(call: Call): Promise<void> {
  const { replacement } = call
  call.replacement = undefined
  if (replacement === undefined) return
  try {
    call.value = await call.race(replacement)
    call.failed = false
  } catch (error) {
    call.fail(error)
  }
}

/** @returns false when the call was interrupted meanwhile */
async function pause(call: Call): Promise<boolean> {
  const delay = call.nextDelay
  call.nextDelay = -1
  try {
    if (call.interruption !== undefined) throw call.interruption.error
    if (delay > 0) {
      const timer = call.segment.world.setTimer(delay, () => call.resume())
      call.wait(() => timer.cancel())
      await call.takeWaiting()
    }
    return true
  } catch (error) {
    call.fail(error)
    return false
  }
}

/** The attempt is given up, but its work goes on: the layers inside of the interruption leave when it really ends. */
function leaveBehind(call: Call, work: PromiseLike<unknown>): void {
  const outermost = (call.interruption?.depth ?? -1) + 1
  if (call.depth <= outermost) return
  const late = call.detach(outermost)
  const leave = () => {
    while (late.depth > outermost) {
      late.depth--
      exit(late)
    }
  }
  work.then(
    (value) => {
      late.value = value
      leave()
    },
    (error: unknown) => {
      late.fail(error)
      leave()
    },
  )
}
