import { ends, paragraph, progressBar, row } from '../../screen/layout.ts'
import type { Theme } from '../../screen/theme.ts'
import { isGreen, type WatchState } from '../state.ts'
import { checkLines } from './checks.ts'
import { fit } from './fit.ts'
import { mistakeLines } from './mistake.ts'
import { newsLines } from './news.ts'
import { pageLines } from './page.ts'
import { adviceLines, linkLines } from './verdict.ts'

/**
 * An exercise, watching: the answer, the evidence, the next action.
 *
 * @param rows of the terminal; there are never as many lines as that, so that nothing scrolls
 */
export function renderWatch(theme: Theme, state: WatchState, rows = 24): string[] {
  if (state.page !== undefined) return pageLines(theme, state, state.page, rows - 1)
  const head = [headline(theme, state), ...paragraph(theme, state.opened.exercise.point, 1).map(theme.dim), '']
  const foot = footLines(theme, state)
  return [...head, ...fit(theme, bodies(theme, state), rows - 1 - head.length - foot.length), ...foot]
}

function headline(theme: Theme, { opened, seed, run, phase }: WatchState): string {
  const took = phase.name === 'judged' ? [`${(phase.verdict.ms / 1_000).toFixed(1)} s`] : []
  const facts = run === 0 ? [`seed ${seed}`] : [`seed ${seed}`, `run ${run}`, ...took]
  return ends(theme, opened.exercise.id.replace('-', ' '), facts.join(' · '), theme.bold)
}

/** From the richest to the shortest: the first that fits is shown. */
function bodies(theme: Theme, state: WatchState): (() => string[])[] {
  const { phase } = state
  if (phase.name === 'predicting') return [() => predictLines(theme, state)]
  if (phase.name === 'mistaken')
    return [() => mistakeLines(theme, phase.mistake), () => mistakeLines(theme, phase.mistake, { brief: true })]
  if (phase.name !== 'judged')
    return [
      () => [...checkLines(theme, state), '', ...newsLines(theme, state)],
      () => [...checkLines(theme, state, { onlyNews: true }), '', ...newsLines(theme, state)],
    ]
  const reasons = phase.verdict.invariants.filter(({ why }) => why !== undefined).length
  const advice = [...adviceLines(theme, state), ...linkLines(theme, state)]
  return [
    ...Array.from({ length: Math.max(1, reasons) }, (_, fewer) => () => [
      ...checkLines(theme, state, { whys: reasons - fewer }),
      ...['', ...advice],
    ]),
    () => [...checkLines(theme, state, { whys: 1, onlyNews: true }), '', ...advice],
    () => [...checkLines(theme, state, { onlyNews: true }), '', ...advice],
    () => [...adviceLines(theme, state), ...checkLines(theme, state, { onlyNews: true })],
  ]
}

function predictLines(theme: Theme, { opened }: WatchState): string[] {
  return [
    ` ${theme.bold('Predict first')}`,
    ...paragraph(theme, opened.exercise.predict, 3),
    '',
    ...paragraph(theme, 'Write your answer down. Enter runs the exercise as it is; every save runs it again.', 1),
    '',
    row(theme, [{ text: 'read', width: 7, paint: theme.dim }, { text: readmeOf(opened.file) }]),
    row(theme, [{ text: 'edit', width: 7, paint: theme.dim }, { text: opened.file }]),
  ]
}

function readmeOf(file: string): string {
  return file.replace(/place-order\.ts$/, 'README.md')
}

function footLines(theme: Theme, state: WatchState): string[] {
  const { ladder } = state.opened
  const passed = ladder.filter((step) => step.passed).length
  const notice = state.notice === undefined ? [] : paragraph(theme, state.notice.text, 1).map(theme.accent)
  return [
    '',
    ...notice,
    ` ${progressBar(theme, passed, ladder.length, 24)}  ${passed} of ${ladder.length}`,
    row(theme, [{ text: keysOf(state), paint: theme.dim }]),
  ]
}

function keysOf(state: WatchState): string {
  const first = isGreen(state) ? 'n next' : 'h hint'
  if (state.phase.name === 'predicting') return 'Enter run  d diff  l list  x reset  o open  q quit'
  return `${first}  d diff  t trace  s new seed  r run  l list  x reset  o open  q quit`
}
