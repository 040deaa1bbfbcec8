import type { WatchState } from './state.ts'
import type { Step } from './update.ts'

/** Lines that a key moves by; a page of the smallest usual terminal. */
const SCREENFUL = 18

/** Keys while a page covers the screen. Any key that moves nothing closes it. */
export function turnPage(state: WatchState, key: string): Step {
  const { page } = state
  if (page === undefined) return [state, []]
  if (page.cursor !== undefined) return chooseExercise(state, page.cursor, key)
  if (page.changes && key === 'd') return [{ ...state, page: undefined }, [{ do: 'solution' }]]
  const last = Math.max(0, page.lines.length - SCREENFUL)
  const to = MOVES[key]?.(page.offset, last)
  if (to === undefined || last === 0) return [{ ...state, page: undefined }, []]
  return [{ ...state, page: { ...page, offset: Math.min(last, Math.max(0, to)) } }, []]
}

const MOVES: Record<string, (offset: number, last: number) => number> = {
  up: (offset) => offset - 1,
  k: (offset) => offset - 1,
  down: (offset) => offset + 1,
  j: (offset) => offset + 1,
  space: (offset) => offset + SCREENFUL,
  pagedown: (offset) => offset + SCREENFUL,
  pageup: (offset) => offset - SCREENFUL,
  b: (offset) => offset - SCREENFUL,
  home: () => 0,
  g: () => 0,
  end: (_, last) => last,
}

function chooseExercise(state: WatchState, cursor: number, key: string): Step {
  const { ladder } = state.opened
  const closed = { ...state, page: undefined }
  if (key === 'enter') {
    const chosen = ladder[cursor]
    const stays = chosen === undefined || chosen.id === state.opened.exercise.id
    return [closed, stays ? [] : [{ do: 'open', id: chosen.id }]]
  }
  const to = MOVES[key]?.(cursor, ladder.length - 1)
  if (to === undefined || state.page === undefined) return [closed, []]
  return [{ ...state, page: { ...state.page, cursor: Math.min(ladder.length - 1, Math.max(0, to)) } }, []]
}
