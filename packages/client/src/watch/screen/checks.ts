import type { InvariantResult, Measured } from '../../invariants/index.ts'
import { paragraph, row } from '../../screen/layout.ts'
import type { Theme } from '../../screen/theme.ts'
import { countOf } from '../../screen/words.ts'
import type { WatchState } from '../state.ts'

export interface CheckOptions {
  /** So many reasons are told, of the first checks that failed. */
  readonly whys?: number
  /** What passed, and what nothing is known of yet, as one line each. */
  readonly onlyNews?: boolean
}

/** Every check of the exercise in its order, with what was measured, as far as it is known. */
export function checkLines(
  theme: Theme,
  state: WatchState,
  { whys = 0, onlyNews = false }: CheckOptions = {},
): string[] {
  const results = resultsOf(state)
  const names = state.opened.exercise.battery.invariants.map(({ name }) => name)
  const find = (name: string) => results.find((result) => result.name === name)
  const lines: string[] = []
  let told = 0
  for (const name of names) {
    const result = find(name)
    if (onlyNews && (result === undefined || result.passed)) continue
    lines.push(result === undefined ? openLine(theme, name, standingOf(state, name)) : checkLine(theme, name, result))
    if (result?.why === undefined || result.passed) continue
    if (told++ < whys) lines.push(...paragraph(theme, result.why, theme.glyphs.pass.length + 4))
  }
  return onlyNews ? [...lines, ...summary(theme, results, names.length)] : lines
}

function resultsOf({ phase }: WatchState): readonly InvariantResult[] {
  if (phase.name === 'judged') return phase.verdict.invariants
  return phase.name === 'running' ? phase.state.invariants : []
}

/** What an open check has measured, or that it is being looked into. */
function standingOf({ phase }: WatchState, name: string): Pick<Measured, 'shown' | 'shownLimit'> {
  if (phase.name !== 'running') return { shown: '' }
  if (phase.state.waiting === name) return { shown: 'running' }
  const measured = phase.state.measured[name]
  if (measured === undefined) return { shown: '' }
  const { shown, shownLimit } = measured
  return { shown: shown === undefined ? 'not yet' : soFar(shown), ...(shownLimit !== undefined && { shownLimit }) }
}

const NAME_WIDTH = 40
const SHOWN_WIDTH = 19

function soFar(shown: string): string {
  const text = `${shown} so far`
  return text.length < SHOWN_WIDTH ? text : shown
}

function openLine(theme: Theme, name: string, { shown = '', shownLimit = '' }: Pick<Measured, 'shown' | 'shownLimit'>) {
  const { wait } = theme.glyphs
  const cells = [{ text: wait, width: wait.length + 1 }, ...columns(name, shown), { text: shownLimit }]
  return row(
    theme,
    cells.map((cell) => ({ ...cell, paint: theme.dim })),
  )
}

function checkLine(theme: Theme, name: string, result: InvariantResult): string {
  const { passed, measured, limit, unit, shown = `${measured} ${unit}`, shownLimit } = result
  const mark = passed ? theme.glyphs.pass : theme.glyphs.fail
  const told = shownLimit === undefined || (passed && limit === measured) ? '' : shownLimit
  return row(theme, [
    { text: mark, width: mark.length + 1, paint: passed ? theme.pass : theme.fail },
    ...columns(name, shown),
    { text: told, paint: theme.dim },
  ])
}

/** What was measured takes room from a short name before it is cut. */
function columns(name: string, shown: string) {
  const more = Math.max(0, shown.length + 2 - SHOWN_WIDTH)
  return [
    { text: name, width: Math.max(name.length + 2, NAME_WIDTH - more) },
    { text: shown, width: SHOWN_WIDTH + more },
  ]
}

function summary(theme: Theme, results: readonly InvariantResult[], total: number): string[] {
  const { pass, wait } = theme.glyphs
  const passed = results.filter((result) => result.passed).length
  const open = total - results.length
  const line = (mark: string, paint: (text: string) => string, text: string) =>
    row(theme, [{ text: mark, width: mark.length + 1, paint }, { text }])
  return [
    ...(passed > 0 ? [line(pass, theme.pass, `${countOf(passed, 'check')} passed`)] : []),
    ...(open > 0 ? [line(wait, theme.dim, `${countOf(open, 'check')} to come`)] : []),
  ]
}
