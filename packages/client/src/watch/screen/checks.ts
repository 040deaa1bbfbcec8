import type { InvariantResult } from '../../invariants/index.ts'
import { paragraph, row } from '../../screen/layout.ts'
import type { Theme } from '../../screen/theme.ts'
import { countOf } from '../../screen/words.ts'
import type { WatchState } from '../state.ts'

export interface CheckOptions {
  /** Whose reasons are told. */
  readonly whys?: 'all' | 'first'
  /** What passed, and what nothing is known of yet, as one line each. */
  readonly onlyNews?: boolean
}

/** Every check of the exercise in its order, with what was measured, as far as it is known. */
export function checkLines(theme: Theme, state: WatchState, { whys, onlyNews = false }: CheckOptions = {}): string[] {
  const results = resultsOf(state)
  const names = state.opened.exercise.battery.invariants.map(({ name }) => name)
  const find = (name: string) => results.find((result) => result.name === name)
  const firstFailed = names.find((name) => find(name)?.passed === false)
  const lines: string[] = []
  for (const name of names) {
    const result = find(name)
    if (onlyNews && (result === undefined || result.passed)) continue
    lines.push(checkLine(theme, name, result, waitingFor(state)))
    if (result?.why === undefined || result.passed) continue
    if (whys === 'all' || (whys === 'first' && name === firstFailed))
      lines.push(...paragraph(theme, result.why, theme.glyphs.pass.length + 4))
  }
  return onlyNews ? [...lines, ...summary(theme, results, names.length)] : lines
}

function resultsOf({ phase }: WatchState): readonly InvariantResult[] {
  if (phase.name === 'judged') return phase.verdict.invariants
  return phase.name === 'running' ? phase.state.invariants : []
}

function waitingFor({ phase }: WatchState): string | undefined {
  return phase.name === 'running' ? phase.state.waiting : undefined
}

function checkLine(
  theme: Theme,
  name: string,
  result: InvariantResult | undefined,
  waiting: string | undefined,
): string {
  const { pass, fail, wait } = theme.glyphs
  const mark = result === undefined ? wait : result.passed ? pass : fail
  const paint = result === undefined ? theme.dim : result.passed ? theme.pass : theme.fail
  const cells = [
    { text: mark, width: mark.length + 1, paint },
    { text: name, width: 40, ...(result === undefined && { paint: theme.dim }) },
  ]
  if (result === undefined) return row(theme, [...cells, { text: waiting === name ? 'running' : '', paint: theme.dim }])
  const { passed, measured, limit, unit, shown = `${measured} ${unit}`, shownLimit } = result
  const told = shownLimit === undefined || (passed && limit === measured) ? '' : shownLimit
  return row(theme, [...cells, { text: shown, width: 19 }, { text: told, paint: theme.dim }])
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
