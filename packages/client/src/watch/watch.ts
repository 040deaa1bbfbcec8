import { createClientTracer } from '@chaos-kitchen/telemetry'
import type { Context } from '../cli/perform.ts'
import type { Kitchen } from '../cli/with-stage.ts'
import type { Exercise } from '../exercises/index.ts'
import { exercises } from '../exercises/index.ts'
import { openProgress } from '../learn/progress.ts'
import { keepShipped } from '../learn/shipped.ts'
import { openWorkspace } from '../learn/workspace.ts'
import { attemptsOn } from './attempts.ts'
import { carryOut } from './carry-out.ts'
import type { WatchEvent } from './events.ts'
import { listenToKeys } from './keyboard.ts'
import { openExercise } from './open-exercise.ts'
import type { LearnRequest } from './request.ts'
import { openState, type WatchState } from './state.ts'
import { terminalScreen } from './terminal-screen.ts'
import { update } from './update.ts'
import { type WatchedFile, watchFile } from './watch-file.ts'

const TICK = 200

/**
 * Watches an exercise until the person quits: on every save the order service restarts with the file and the exercise
 * runs. Everything that happens is an event; one reducer makes the state of it, and the screen shows the state.
 */
export async function watchExercise(
  { output, signal, options }: Context,
  { stage, home }: Kitchen,
  first: Exercise,
  request: LearnRequest,
): Promise<void> {
  const { seed, scoreboard } = request
  const workspace = openWorkspace()
  const progress = openProgress(home)
  await keepShipped(workspace, home, exercises)
  const tracer = await createClientTracer({ endpoint: stage.addresses().otlp, serviceName: 'client' })
  const { promise: left, resolve: quit, reject: fail } = Promise.withResolvers<void>()
  const screen = terminalScreen(process.stdout, { ascii: options.ascii === true, signal })
  const attempts = attemptsOn({ stage, home, workspace, tracer, progress, scoreboard }, dispatch, fail)
  let state: WatchState = openState(await openExercise(first, workspace, progress), seed, performance.now())
  let watched: WatchedFile | undefined
  const keyboard = listenToKeys(process.stdin, (key) => dispatch({ type: 'key', key }))
  const act = carryOut({ workspace, progress, home, stage, screen, keyboard, attempts, output, dispatch, open, quit })

  function dispatch(event: WatchEvent): void {
    const [next, effects] = update(state, event)
    // It loads while the run before is given up.
    if (state.phase.name === 'running' && next.phase.name === 'starting') standBy()
    state = next
    for (const effect of effects) void act(effect, state).catch(fail)
    screen.show(state)
    if (event.type === 'verdict' || event.type === 'mistake') standBy()
  }

  /** While nothing is measured, so that the next restart waits for little. */
  function standBy(): void {
    // Whatever stands in the way, the next save meets and tells.
    void stage.standBy?.().catch(() => undefined)
  }

  /** Leaves the exercise before, and waits for saves of this one. */
  async function open(exercise: Exercise, withSeed: number): Promise<void> {
    attempts.cancel()
    watched?.close()
    watched = watchFile(workspace.filesOf(exercise.id).mine, () => dispatch({ type: 'saved' }))
    dispatch({ type: 'opened', exercise: await openExercise(exercise, workspace, progress), seed: withSeed })
    if (state.phase.name === 'predicting') standBy()
  }

  const clock = setInterval(() => {
    const { name } = state.phase
    if (name === 'starting' || name === 'running') dispatch({ type: 'tick', at: performance.now() })
  }, TICK)
  const interrupted = () => quit()
  signal.addEventListener('abort', interrupted, { once: true })
  try {
    signal.throwIfAborted()
    await open(first, seed)
    await left
    signal.throwIfAborted()
  } finally {
    signal.removeEventListener('abort', interrupted)
    clearInterval(clock)
    watched?.close()
    keyboard.release()
    screen.end()
    attempts.cancel()
    await attempts.settled()
    await tracer.shutdown()
  }
}
