import type { Stage } from '@chaos-kitchen/kitchen'
import { renderWaterfall, waitForTrace } from '@chaos-kitchen/telemetry'
import { UsageError } from '../cli/errors.ts'
import { anySeed } from '../cli/numbers.ts'
import type { Output } from '../cli/output.ts'
import { compareVersions } from '../diff/compare.ts'
import { renderComparison } from '../diff/render.ts'
import { versionsOf } from '../diff/versions.ts'
import { chooseExercise, type Exercise } from '../exercises/index.ts'
import type { Progress } from '../learn/progress.ts'
import { resetExercise } from '../learn/reset.ts'
import type { Workspace } from '../learn/workspace.ts'
import type { Attempts } from './attempts.ts'
import type { Effect, WatchEvent } from './events.ts'
import type { Keyboard } from './keyboard.ts'
import { findEditor, openEditor } from './open-editor.ts'
import { worstOrder } from './screen/verdict.ts'
import type { WatchState } from './state.ts'
import type { TerminalScreen } from './terminal-screen.ts'

export interface WatchWorld {
  readonly workspace: Workspace
  readonly progress: Progress
  readonly home: string
  readonly stage: Stage
  readonly screen: TerminalScreen
  readonly keyboard: Keyboard
  readonly attempts: Attempts
  readonly output: Output
  dispatch(event: WatchEvent): void
  open(exercise: Exercise, seed: number): Promise<void>
  quit(): void
}

const TRACE_PATIENCE = 3_000

/** Does in the world what the reducer asks for. What a person can't have is a notice; other errors are thrown. */
export function carryOut(world: WatchWorld): (effect: Effect, state: WatchState) => Promise<void> {
  const { workspace, progress, home, dispatch } = world
  const notice = (text: string, stays = false) => dispatch({ type: 'notice', text, stays })

  return async (effect, state) => {
    const { exercise } = state.opened
    try {
      await act(effect, state, exercise)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      notice([error.message, ...error.remedy].join(' '))
    }
  }

  async function act(effect: Effect, state: WatchState, exercise: Exercise): Promise<void> {
    switch (effect.do) {
      case 'run':
        return world.attempts.start(exercise, effect.run, effect.seed)
      case 'new seed':
        return dispatch({ type: 'seeded', seed: anySeed() })
      case 'open':
        return world.open(chooseExercise(effect.id), state.seed)
      case 'keep hint':
        return progress.change(exercise.id, (before) => ({
          ...before,
          hints: { ...before.hints, [effect.invariant]: effect.level },
        }))
      case 'reset':
        return reset(exercise)
      case 'edit':
        return edit(state)
      case 'changes':
      case 'solution':
        return diff(exercise, effect.do)
      case 'trace':
        return trace(state)
      case 'interrupt':
        process.kill(process.pid, 'SIGINT')
        return
      case 'quit':
        return world.quit()
    }
  }

  async function reset(exercise: Exercise): Promise<void> {
    const { changed, backup } = await resetExercise(workspace, home, exercise.id)
    if (!changed) return notice('It is as it was handed out already.')
    const kept = backup === undefined ? '' : ` Yours is kept in ${backup}`
    notice(`It is as it was handed out.${kept}`, true)
  }

  async function edit({ opened, phase }: WatchState): Promise<void> {
    const file = workspace.filesOf(opened.exercise.id).mine
    const line =
      phase.name === 'mistaken' ? phase.mistake.place?.line : phase.name === 'judged' ? phase.line : undefined
    const editor = findEditor(file, line)
    if (editor === undefined)
      return notice(`No editor is known: set VISUAL or EDITOR to one, or open ${opened.file} yourself.`)
    if (!editor.inTerminal) return notice((await openEditor(editor)) ?? `${editor.command} opens ${opened.file}.`)
    world.keyboard.release()
    world.screen.suspend()
    const problem = await openEditor(editor)
    world.keyboard.take()
    world.screen.resume()
    if (problem !== undefined) notice(problem)
  }

  async function diff({ id }: Exercise, kind: 'changes' | 'solution'): Promise<void> {
    const { shipped, mine, solution } = await versionsOf(workspace, home, id)
    const { theme } = world.output
    const changes = kind === 'changes' && shipped !== undefined
    const comparison = changes ? compareVersions(shipped, mine) : compareVersions(mine, solution)
    const lines = renderComparison(theme, comparison, world.screen.columns)
    dispatch({ type: 'page', title: changes ? `${id}: what you changed` : `${id}: the solution`, lines, changes })
  }

  async function trace({ phase }: WatchState): Promise<void> {
    const order = phase.name === 'judged' ? worstOrder(phase.verdict) : undefined
    if (order === undefined) return notice('There is a trace once a run has ended.')
    const found = await waitForTrace(world.stage.addresses().traces, order.traceId, TRACE_PATIENCE)
    if (found === undefined) return notice(`The trace ${order.traceId} has not arrived yet.`)
    const { theme } = world.output
    const look = { width: theme.width, colour: theme.dim('x') !== 'x', ascii: theme.plain('…') !== '…', height: 60 }
    const label = `order ${order.planned.number}`
    const picture = renderWaterfall(found, found.faults, { ...look, label })
    const lines = [...picture.split('\n'), '', ` ${order.traceUrl ?? ''}`]
    dispatch({ type: 'page', title: label, lines })
  }
}
