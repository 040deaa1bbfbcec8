import { readFile } from 'node:fs/promises'
import { type Stage, StageError } from '@chaos-kitchen/kitchen'
import type { ClientTracer } from '@chaos-kitchen/telemetry'
import type { Exercise } from '../exercises/index.ts'
import type { Workspace } from '../learn/workspace.ts'
import { persistent } from '../run/client-profile.ts'
import type { RunEvent } from '../run/events.ts'
import { runBattery } from '../run/run-battery.ts'
import type { Verdict } from '../run/verdict.ts'
import { checkTypes } from './check-types.ts'
import { watchForEnds } from './ends.ts'
import { type Mistake, mistakeOf, plainMistake } from './mistake.ts'

export interface AttemptWorld {
  readonly stage: Stage
  readonly home: string
  readonly workspace: Workspace
  readonly tracer: ClientTracer
}

export interface AttemptListener {
  /** The order service runs the file. */
  serving(): void
  run(event: RunEvent): void
  /** Told at once, while what was begun is still being ended. */
  mistake(mistake: Mistake): void
}

export type AttemptResult =
  | { readonly verdict: Verdict; readonly line: number | undefined }
  | { readonly mistake: Mistake }

/** A run that lasts so long is ended: something in the file never does. */
const AT_MOST = 120_000

/**
 * Restarts the order service with a person's file and runs the exercise on it. Types are checked meanwhile, so that a
 * file without mistakes waits for nothing. Rejects only when the signal aborts.
 */
export async function attemptExercise(
  world: AttemptWorld,
  { exercise, seed, signal }: { exercise: Exercise; seed: number; signal: AbortSignal },
  listener: AttemptListener,
): Promise<AttemptResult> {
  const { stage, home, workspace, tracer } = world
  const { id, battery } = exercise
  const file = workspace.filesOf(id).mine
  const given = new AbortController()
  const ended = AbortSignal.any([signal, given.signal])
  const giveUp = (mistake: Mistake) => {
    if (ended.aborted) return
    listener.mistake(mistake)
    given.abort(mistake)
  }
  const types = checkTypes({ workspace, home, id, signal }).then(
    (mistake) => mistake && giveUp(mistake),
    // A compiler that cannot run stops nobody: Node tells of what it cannot load.
    () => undefined,
  )
  const timer = setTimeout(() => giveUp(tooLong(exercise)), AT_MOST)
  try {
    await orAborted(stage.useOrderService(file), ended)
    listener.serving()
    const ends = watchForEnds(stage, (what) => giveUp(plainMistake(what, 'The run was ended.')), ended)
    const run = { battery, seed, tracer, client: persistent, orderService: `exercise:${id}` }
    const running = runBattery(stage, { ...run, signal: ended, listener: listener.run })
    const verdict = await orAborted(running, ended, LIFT_WITHIN)
    await ends.settled()
    await types
    ended.throwIfAborted()
    return { verdict, line: await lineToLookAt(file) }
  } catch (error) {
    signal.throwIfAborted()
    // The kitchen may notice a moment earlier what the compiler says better.
    if (error instanceof StageError && error.location !== undefined) await types
    const reason: unknown = given.signal.reason
    return { mistake: isMistake(reason) ? reason : await mistakeOf(error, workspace) }
  } finally {
    clearTimeout(timer)
    given.abort(new Error('the attempt is over'))
  }
}

/** For as long a run that was given up is waited for: it lifts its faults. */
const LIFT_WITHIN = 3_000

/** The promise; or, a while after the signal aborted, its reason: what hangs holds nothing up. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal, patience = 0): Promise<T> {
  // Whatever comes of it later is nobody's concern.
  promise.catch(() => undefined)
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  let timer: NodeJS.Timeout | undefined
  const onAbort = () => {
    timer = setTimeout(() => reject(signal.reason), patience)
  }
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  return Promise.race([promise, aborted]).finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  })
}

/** Where the work is: the first TODO, else where orders are placed. */
export async function lineToLookAt(file: string): Promise<number | undefined> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split(/\r?\n/)
  const todo = lines.findIndex((line) => /\bTODO\b/.test(line))
  const found = todo >= 0 ? todo : lines.findIndex((line) => /\bplaceOrder\b\s*\(/.test(line))
  return found < 0 ? undefined : found + 1
}

function tooLong({ battery }: Exercise): Mistake {
  return plainMistake(
    `The run was ended after ${AT_MOST / 1_000} s: not all of its ${battery.orders.length} orders had come to an end.`,
    'Something in the file waits for ever, or tries again without end.',
    ['Every call has to end: by its answer, by a bound, or by the signal of the guest.'],
  )
}

function isMistake(reason: unknown): reason is Mistake {
  return typeof reason === 'object' && reason !== null && 'what' in reason && 'code' in reason
}
