import type { CallContext } from '../pipeline/context.ts'
import type { World } from '../world/world.ts'

/** What one call of a scripted function does. */
export type Step = (context: CallContext, world: World) => Promise<unknown>

export function succeeds(value: unknown = 'ok'): Step {
  return async () => value
}

export function fails(error: unknown = new Error('scripted failure')): Step {
  return async () => {
    throw error
  }
}

/** Does the step after so many milliseconds; ends at once when its signal aborts. */
export function after(milliseconds: number, step: Step): Step {
  return async (context, world) => {
    await waitFor(milliseconds, world, context.signal)
    return step(context, world)
  }
}

/** Never ends, unless its signal aborts. */
export function hangs(): Step {
  return (context, world) => waitFor(Number.POSITIVE_INFINITY, world, context.signal)
}

/** Does the step after so many milliseconds, whatever its signal says. */
export function stubbornly(milliseconds: number, step: Step): Step {
  return async (context, world) => {
    await waitFor(milliseconds, world, undefined)
    return step(context, world)
  }
}

/** The step, so many times: `script(...times(3, fails()), succeeds())`. */
export function times(count: number, step: Step): Step[] {
  return Array.from({ length: count }, () => step)
}

/** A function that does the steps one call after the other, the last one for ever, and keeps a record. */
export interface Script {
  (context: CallContext): Promise<unknown>
  readonly calls: readonly ScriptedCall[]
}

export interface ScriptedCall {
  /** Milliseconds on the world's clock. */
  at: number
  attempt: number
  context: CallContext
}

export function script(world: World, ...steps: Step[]): Script {
  const calls: ScriptedCall[] = []
  const run = async (context: CallContext): Promise<unknown> => {
    const step = steps[Math.min(calls.length, steps.length - 1)] ?? succeeds()
    calls.push({ at: world.now(), attempt: context.attempt, context })
    return step(context, world)
  }
  return Object.assign(run, { calls })
}

function waitFor(milliseconds: number, world: World, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const timer = milliseconds === Number.POSITIVE_INFINITY ? undefined : world.setTimer(milliseconds, resolve)
    signal?.addEventListener(
      'abort',
      () => {
        timer?.cancel()
        reject(signal.reason)
      },
      { once: true },
    )
  })
}
