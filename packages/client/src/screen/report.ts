import { seconds } from '../faults/describe.ts'
import { compareRuns } from '../report/measures.ts'
import { limitOf, measuredOf, plural } from '../report/page/words.ts'
import { phasesOf } from '../report/phases.ts'
import type { RunReport } from '../report/run-report.ts'
import type { StoredRun } from '../report/runs.ts'
import { ends, paragraph, row } from './layout.ts'
import type { Theme } from './theme.ts'

/** A run in short: its checks, and latency before, during and after faults. */
export function renderReport(theme: Theme, report: RunReport, file: string): string[] {
  const { battery, seed, invariants } = report
  const failed = invariants.filter(({ passed }) => !passed).length
  const { pass, fail } = theme.glyphs
  const checks = plural(invariants.length, 'check')
  const answer = failed === 0 ? `${pass.trim()} all ${checks} passed` : `${fail.trim()} ${failed} of ${checks} failed`
  return [
    ends(theme, answer, `${battery} · seed ${seed} · ${report.orderService}`, failed === 0 ? theme.pass : theme.fail),
    '',
    ...invariants.flatMap((invariant) => [
      row(theme, [
        { ...mark(theme, invariant.passed), width: pass.length + 1 },
        { text: invariant.name, width: 34 },
        { text: measuredOf(invariant), width: 20 },
        { text: invariant.passed ? '' : limitOf(invariant), paint: theme.dim },
      ]),
      ...(invariant.passed || invariant.why === null ? [] : paragraph(theme, invariant.why, pass.length + 4)),
    ]),
    '',
    ...phaseLines(theme, report),
    '',
    ` ${theme.dim('page    ')}${file}`,
  ]
}

function phaseLines(theme: Theme, report: RunReport): string[] {
  const line = (cells: readonly string[], paint?: (text: string) => string) =>
    row(
      theme,
      [
        { text: cells[0] ?? '', width: 26 },
        ...cells.slice(1).map((text) => ({ text, width: 10, align: 'right' as const })),
      ].map((cell) => (paint === undefined ? cell : { ...cell, paint })),
    )
  return [
    line(['latency', 'orders', 'p50', 'p95', 'slowest'], theme.dim),
    ...phasesOf(report).map(({ phase, orders, p50, p95, max }) =>
      line([phase, String(orders), seconds(p50), seconds(p95), seconds(max)]),
    ),
  ]
}

/** Two runs side by side, a line a check or figure. */
export function renderComparison(theme: Theme, runs: readonly StoredRun[], file: string): string[] {
  return [
    ...runs.map(({ name, report }, index) => ` ${'AB'[index]}  ${name}  ${theme.dim(report.orderService)}`),
    '',
    row(theme, [
      { text: '', width: 34, paint: theme.dim },
      ...runs.map((_, index) => ({ text: `${'AB'[index]}    `, width: 22, align: 'right' as const, paint: theme.dim })),
    ]),
    ...compareRuns(runs.map(({ report }) => report)).map(({ name, values }) =>
      row(theme, [
        { text: name, width: 34 },
        ...values.flatMap(({ text, passed }) => [
          { text, width: 17, align: 'right' as const },
          passed === undefined ? { text: '', width: 5 } : { ...mark(theme, passed, '  '), width: 5 },
        ]),
      ]),
    ),
    '',
    ` ${theme.dim('page    ')}${file}`,
  ]
}

/** The runs that are kept, the last first. */
export function renderRuns(theme: Theme, runs: readonly StoredRun[]): string[] {
  return runs.map(({ name, report: { passed, orders } }, index) =>
    row(theme, [
      { text: String(index + 1), width: 3, align: 'right' },
      { text: ' ', width: 1 },
      { ...mark(theme, passed), width: theme.glyphs.pass.length + 1 },
      { text: name, width: 56 },
      { text: plural(orders.length, 'order'), paint: theme.dim },
    ]),
  )
}

function mark(theme: Theme, passed: boolean, before = '') {
  const { pass, fail } = theme.glyphs
  return { text: before + (passed ? pass : fail), paint: passed ? theme.pass : theme.fail }
}
