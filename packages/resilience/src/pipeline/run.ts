import { isThenable } from '../outcome/is-thenable.ts'
import type { Call } from './call.ts'
import { AttemptContext } from './context.ts'
import type { Interruption } from './interruption.ts'
import { wrapped } from './wrapped.ts'

/**
 * The engine: in through the hooks, to what is inside, out through the hooks; in again from any hook that asks for it.
 *
 * No async function on the usual way, since its frame costs more than most policies do. The two promises are chained by
 * the resolving functions and by `then`, so that V8 finds its way from the function that fails back to who made the
 * call, and whatever comes after a wait runs in the caller's async context, whoever ended it.
 */
export function run(call: Call): Promise<unknown> {
  call.segment.caller?.enter(call)
  if (!goIn(call)) return outcomeAtOnce(call)
  // Bound, since a closure takes more memory.
  return call.raced().then(succeeded.bind(call), failed.bind(call))
}

function succeeded(this: Call, value: unknown): unknown {
  this.succeed(value)
  return outcome(this)
}

function failed(this: Call, error: unknown): unknown {
  giveUp(this, error)
  return outcome(this)
}

/** What the call came to, or the promise of it when it goes on. */
function outcome(call: Call): unknown {
  return goOut(call) ? end(call) : goOn(call)
}

function end(call: Call): unknown {
  call.segment.caller?.exit(call)
  if (call.failed) throw call.error
  return call.value
}

async function outcomeAtOnce(call: Call): Promise<unknown> {
  return outcome(call)
}

/** The rest of a call of which a hook has asked something. */
async function goOn(call: Call): Promise<unknown> {
  for (;;) {
    const goesIn = await answer(call)
    if (goesIn && goIn(call)) {
      try {
        call.succeed(await call.raced())
      } catch (error) {
        giveUp(call, error)
      }
    }
    if (goOut(call)) return end(call)
  }
}

/** @returns true when there is work to be waited for; false when a hook has a request, or the outcome is there */
function goIn(call: Call): boolean {
  const { enters, hooks, wrap } = call.segment
  try {
    while (call.depth < enters.length) {
      if (call.interruption !== undefined) throw call.interruption.error
      call.keep(enters[call.depth]?.call(hooks[call.depth], call))
      if (call.request !== undefined) return false
      call.depth++
    }
    if (call.interruption !== undefined) throw call.interruption.error
    const context = new AttemptContext(call)
    call.context = context
    const result = wrap === undefined ? call.fn(context) : wrapped(call, context)
    if (isThenable(result)) {
      call.work = result
      if (call.interruption === undefined) return true
      giveUpAtOnce(call, call.interruption)
    } else call.succeed(result)
  } catch (error) {
    call.fail(error)
  }
  return false
}

/** @returns false when a hook has a request, on the way in or out */
function goOut(call: Call): boolean {
  if (call.request !== undefined) return false
  while (call.depth > 0) {
    call.depth--
    exit(call)
    if (call.request !== undefined) return false
  }
  return true
}

/** Hooks don't throw, but what users hand them may (a predicate, a backoff): that becomes the outcome. */
function exit(call: Call): void {
  const { exits, hooks } = call.segment
  try {
    exits[call.depth]?.call(hooks[call.depth], call, call.state)
  } catch (error) {
    call.request = undefined
    call.fail(error)
  }
  if (call.interruption !== undefined && call.interruption.depth === call.depth) call.interruption = undefined
}

/** Does what the hook has asked for. @returns whether the call goes in from here, else out */
async function answer(call: Call): Promise<boolean> {
  const { request } = call
  call.request = undefined
  if (request === undefined) return false
  try {
    if (request.kind === 'replace') {
      call.work = request.promise
      call.succeed(await call.raced())
      return false
    }
    if (request.kind === 'again') await pause(call, request.delay)
    else await request.promise
    call.startAttempt()
    return true
  } catch (error) {
    call.fail(error)
    return false
  }
}

async function pause(call: Call, delay: number): Promise<void> {
  call.check()
  if (delay === 0) return
  const timer = call.segment.world.setTimer(delay, () => call.resume())
  call.wait(() => timer.cancel())
  const { request } = call
  call.request = undefined
  if (request?.kind === 'wait') await request.promise
}

/** The function itself had its call interrupted, before anything was awaited that could have been given up. */
function giveUpAtOnce(call: Call, interruption: Interruption): void {
  call.interruption = { ...interruption, abandoned: true }
  call.work?.then(nothing, nothing)
  giveUp(call, interruption.error)
}

function nothing(): void {}

/** The work failed, or was interrupted; then it may go on though nobody waits for it. */
function giveUp(call: Call, error: unknown): void {
  call.fail(error)
  const { interruption, work } = call
  if (!interruption?.abandoned || work === undefined) return
  const outermost = interruption.depth + 1
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
      late.succeed(value)
      leave()
    },
    (reason: unknown) => {
      late.fail(reason)
      leave()
    },
  )
}
