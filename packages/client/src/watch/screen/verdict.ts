import type { TracedOrder, Verdict } from '../../run/verdict.ts'
import { paragraph, row } from '../../screen/layout.ts'
import type { Theme } from '../../screen/theme.ts'
import { currentHint, isGreen, type WatchState } from '../state.ts'

/** Green: what was learnt. Red: the hint that fits, as far as it has been asked for. */
export function adviceLines(theme: Theme, state: WatchState): string[] {
  if (isGreen(state)) {
    const { learnt } = state.opened.exercise
    return [...paragraph(theme, `All checks passed. ${learnt}`, 1).map(theme.pass), '']
  }
  const hint = currentHint(state)
  if (hint === undefined) return []
  const { invariant, level, texts } = hint
  if (level === 0) return [row(theme, [{ text: `h tells a hint for "${invariant}"`, paint: theme.dim }]), '']
  const heading = `hint ${level} of ${texts.length}, for "${invariant}"`
  return [row(theme, [{ text: heading, paint: theme.accent }]), ...paragraph(theme, texts[level - 1] ?? '', 3), '']
}

/**
 * The worst trace, the line to look at and, when green, the solution.
 *
 * @param where stays: false when the pages of the traces close with this command
 */
export function linkLines(theme: Theme, { phase, opened }: WatchState, { stays = true } = {}): string[] {
  if (phase.name !== 'judged') return []
  const { verdict, line } = phase
  const order = worstOrder(verdict)
  const trace =
    order === undefined ? [] : [['trace', traceOf(order, stays), `  order ${order.planned.number}`] as const]
  const file = line === undefined ? opened.file : `${opened.file}:${line}`
  const solution = verdict.passed ? [['why', opened.solution, ''] as const] : []
  return [...trace, ['file', file, ''] as const, ...solution].map(([name, text, after]) =>
    row(theme, [
      { text: name, width: 7, paint: theme.dim },
      { text, width: text.length },
      { text: after, paint: theme.dim },
    ]),
  )
}

function traceOf({ traceId, traceUrl }: TracedOrder, stays: boolean): string {
  if (traceUrl === undefined) return 'has not arrived yet'
  return stays ? traceUrl : `pnpm workshop trace ${traceId}`
}

/** The order that shows the first failure best; the slowest, where none says so. */
export function worstOrder({ invariants, orders }: Verdict): TracedOrder | undefined {
  const failed = invariants.find(({ passed, order }) => !passed && order !== undefined)
  const named = orders.find(({ planned }) => planned.number === failed?.order)
  return named ?? orders.toSorted((a, b) => b.ms - a.ms)[0]
}
