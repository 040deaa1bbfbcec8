import { createClientTracer } from '@chaos-kitchen/telemetry'
import { EXIT } from '../cli/errors.ts'
import type { Context } from '../cli/perform.ts'
import type { Kitchen } from '../cli/with-stage.ts'
import { type Exercise, exercises } from '../exercises/index.ts'
import { openProgress } from '../learn/progress.ts'
import { keepShipped } from '../learn/shipped.ts'
import { openWorkspace } from '../learn/workspace.ts'
import { writeJUnit } from '../report/junit.ts'
import { verdictToJson } from '../report/to-json.ts'
import { describeEvent } from '../screen/plain.ts'
import { attemptsOn } from './attempts.ts'
import type { WatchEvent } from './events.ts'
import { openExercise } from './open-exercise.ts'
import type { LearnRequest } from './request.ts'
import { checkLines } from './screen/checks.ts'
import { mistakeLines } from './screen/mistake.ts'
import { adviceLines, linkLines } from './screen/verdict.ts'
import { isGreen, openState } from './state.ts'
import { update } from './update.ts'

/** Without a terminal: one run, a line an event, the verdict, and an exit code that tells it. */
export async function runExerciseOnce(
  { output, signal }: Context,
  { stage, home, stays }: Kitchen,
  exercise: Exercise,
  request: LearnRequest,
): Promise<number> {
  const { theme } = output
  const { seed, scoreboard, junit } = request
  const workspace = openWorkspace()
  const progress = openProgress(home)
  await keepShipped(workspace, home, exercises)
  const tracer = await createClientTracer({ endpoint: stage.addresses().otlp, serviceName: 'client' })
  const opened = await openExercise(exercise, workspace, progress)
  output.note(`${exercise.id} · seed ${seed} · ${opened.file}`)
  output.note(exercise.point)
  if ((opened.progress.runs ?? 0) === 0) output.note(`Predict first: ${exercise.predict}`)
  let state = openState(opened, seed)
  const { promise: over, resolve, reject } = Promise.withResolvers<void>()
  const dispatch = (event: WatchEvent) => {
    state = update(state, event)[0]
    const line = event.type === 'run' ? describeEvent(event.event) : undefined
    if (line !== undefined) output.note(line.trimStart())
    if (event.type === 'notice') output.note(event.text)
    if (event.type === 'mistake' || event.type === 'verdict') resolve()
  }
  const attempts = attemptsOn({ stage, home, workspace, tracer, progress, scoreboard }, dispatch, reject)
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    dispatch({ type: 'seeded', seed })
    attempts.start(exercise, state.run, seed)
    await over
  } finally {
    signal.removeEventListener('abort', stop)
    if (signal.aborted) attempts.cancel()
    await attempts.settled()
    await tracer.shutdown()
  }
  const { phase } = state
  if (phase.name === 'mistaken') {
    const { what, meaning, remedy, place } = phase.mistake
    output.print('', ...mistakeLines(theme, phase.mistake), '')
    output.result({ exercise: exercise.id, passed: false, error: { what, meaning: meaning ?? null, remedy, place } })
    return EXIT.failed
  }
  const hint = `pnpm workshop hint ${exercise.id.slice(0, 2)}    tells a hint`
  const advice = isGreen(state) ? adviceLines(theme, state) : [` ${theme.dim(hint)}`]
  output.print(
    '',
    ...checkLines(theme, state, { whys: Number.POSITIVE_INFINITY }),
    '',
    ...advice,
    ...linkLines(theme, state, { stays }),
    '',
  )
  if (phase.name === 'judged') {
    output.result(verdictToJson(phase.verdict))
    if (junit !== undefined) await writeJUnit(junit, phase.verdict)
  }
  return isGreen(state) ? EXIT.passed : EXIT.failed
}
