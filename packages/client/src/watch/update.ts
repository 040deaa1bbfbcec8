import type { Effect, WatchEvent } from './events.ts'
import { turnPage } from './pages.ts'
import { advance, currentHint, isGreen, kept, type WatchState } from './state.ts'

export type Step = readonly [WatchState, readonly Effect[]]

/** The one reducer: the next state, and what is to be done in the world. Pure. */
export function update(state: WatchState, event: WatchEvent): Step {
  if (event.type === 'saved') return runAgain({ ...state, notice: kept(state), confirming: undefined })
  if (event.type === 'seeded') return runAgain({ ...state, seed: event.seed })
  if (event.type === 'key') return press(state, event.key)
  const next = advance(state, event)
  return event.type === 'opened' && next.phase.name === 'starting' ? runAgain(next) : [next, []]
}

/** Whatever runs is cancelled by whoever carries the effect out. */
function runAgain(state: WatchState): Step {
  const run = state.run + 1
  return [{ ...state, run, phase: { name: 'starting', at: state.now } }, [{ do: 'run', run, seed: state.seed }]]
}

function press(before: WatchState, key: string): Step {
  if (key === 'ctrl-c') return [before, [{ do: 'interrupt' }]]
  if (before.page !== undefined) return turnPage(before, key)
  const state = { ...before, notice: undefined, confirming: undefined }
  switch (key) {
    case 'q':
      return [state, [{ do: 'quit' }]]
    case 'r':
      return runAgain(state)
    case 'enter':
    case 'space':
      return state.phase.name === 'predicting' ? runAgain(state) : [state, []]
    case 's':
      return [state, [{ do: 'new seed' }]]
    case 'n':
      return goOn(state)
    case 'h':
      return nextHint(state)
    case 'l':
      return [{ ...state, page: listPage(state) }, []]
    case 'x':
      return before.confirming === 'reset'
        ? [state, [{ do: 'reset' }]]
        : [{ ...state, confirming: 'reset', notice: { text: CONFIRM_RESET } }, []]
    case 'd':
      return [state, [{ do: isGreen(state) ? 'solution' : 'changes' }]]
    case 't':
      return [state, [{ do: 'trace' }]]
    case 'o':
      return [state, [{ do: 'edit' }]]
    default:
      return [state, []]
  }
}

const CONFIRM_RESET = 'x again: the file as it was handed out. Yours is backed up first.'

/** Only when green, and never by itself. */
function goOn(state: WatchState): Step {
  if (!isGreen(state)) return [{ ...state, notice: { text: 'n goes on once every check has passed.' } }, []]
  const { ladder, exercise } = state.opened
  const here = ladder.findIndex(({ id }) => id === exercise.id)
  const next = ladder.slice(here + 1).find(({ passed }) => !passed) ?? ladder.find(({ passed }) => !passed)
  if (next === undefined)
    return [{ ...state, notice: { text: 'That was the last one: the whole ladder is green.' } }, []]
  return [state, [{ do: 'open', id: next.id }]]
}

function nextHint(state: WatchState): Step {
  const hint = currentHint(state)
  if (hint === undefined) return [{ ...state, notice: { text: noHint(state) } }, []]
  const { invariant, texts } = hint
  const level = hint.level + 1
  if (level > texts.length)
    return [{ ...state, notice: { text: 'That was the last hint. d, and d once more, shows the solution.' } }, []]
  const hintLevels = { ...state.hintLevels, [invariant]: level }
  return [{ ...state, hintLevels }, [{ do: 'keep hint', invariant, level }]]
}

function noHint({ phase }: WatchState): string {
  if (phase.name === 'judged') return phase.verdict.passed ? 'Nothing failed.' : 'There is no hint for what failed.'
  return 'A hint fits what failed: there is one after the run.'
}

function listPage({ opened: { ladder, exercise } }: WatchState) {
  const cursor = Math.max(
    0,
    ladder.findIndex(({ id }) => id === exercise.id),
  )
  return { title: 'Exercises', lines: [], offset: 0, cursor }
}
