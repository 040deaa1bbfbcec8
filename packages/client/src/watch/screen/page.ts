import { ends, row } from '../../screen/layout.ts'
import type { Theme } from '../../screen/theme.ts'
import type { Page, WatchState } from '../state.ts'

/** Text over the whole screen, or the list of exercises. */
export function pageLines(theme: Theme, state: WatchState, page: Page, rows: number): string[] {
  const list = page.cursor !== undefined
  const all = list ? listLines(theme, state, page.cursor ?? 0) : page.lines
  const room = Math.max(1, rows - 4)
  const first = list ? Math.max(0, Math.min((page.cursor ?? 0) - room + 1, all.length - room)) : page.offset
  const shown = all.slice(first, first + room)
  const part = all.length > room ? `${first + 1} to ${first + shown.length} of ${all.length}` : ''
  const moves = all.length > room ? 'up and down, space and b: move   ' : ''
  const keys = list
    ? 'up and down: choose   Enter: open   any other key: back'
    : `${moves}${page.changes ? 'd: beside the solution   ' : ''}any other key: back`
  return [ends(theme, page.title, part, theme.bold), '', ...shown, '', row(theme, [{ text: keys, paint: theme.dim }])]
}

function listLines(theme: Theme, { opened: { ladder } }: WatchState, cursor: number): string[] {
  return ladder.map(({ id, point, passed }, index) =>
    ladderLine(theme, { id, point, passed, chosen: index === cursor }),
  )
}

export interface LadderLine {
  readonly id: string
  readonly point: string
  readonly passed: boolean
  readonly chosen?: boolean
}

export function ladderLine(theme: Theme, { id, point, passed, chosen = false }: LadderLine): string {
  const { pass, wait, cursor } = theme.glyphs
  return row(theme, [
    { text: chosen ? cursor : '', width: 2, paint: theme.accent },
    { text: passed ? pass : wait, width: pass.length + 1, paint: passed ? theme.pass : theme.dim },
    { text: id.replace('-', ' '), width: 18, ...(chosen && { paint: theme.accent }) },
    { text: point, paint: theme.dim },
  ])
}
