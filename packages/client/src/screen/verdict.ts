import { seconds } from '../faults/describe.ts'
import type { InvariantResult } from '../invariants/index.ts'
import type { Verdict } from '../run/verdict.ts'
import { ends, paragraph, row } from './layout.ts'
import type { Theme } from './theme.ts'
import { countOf, flagOf } from './words.ts'

/** The answer first, then the evidence, then what to do next. */
export function renderVerdict(theme: Theme, verdict: Verdict, where: { stays: boolean }): string[] {
  return [
    headline(theme, verdict),
    '',
    ...verdict.invariants.flatMap((result) => invariantLines(theme, result)),
    '',
    ...recoveryLines(theme, verdict),
    ...nextSteps(verdict, where).map(([label, text]) => ` ${theme.dim(label.padEnd(8))}${theme.plain(text)}`),
  ]
}

/** The answer in a line, and of what. */
export function headline(theme: Theme, { invariants, battery, seed }: Verdict): string {
  const failed = invariants.filter(({ passed }) => !passed).length
  const { pass, fail } = theme.glyphs
  const text =
    failed === 0
      ? `${pass.trim()} all ${countOf(invariants.length, 'check')} passed`
      : `${fail.trim()} ${failed} of ${countOf(invariants.length, 'check')} failed`
  return ends(theme, text, `${battery} · seed ${seed}`, failed === 0 ? theme.pass : theme.fail)
}

export function invariantLines(theme: Theme, result: InvariantResult): string[] {
  const { passed, name, measured, unit, shown = `${measured} ${unit}`, shownLimit, why } = result
  const mark = passed ? theme.glyphs.pass : theme.glyphs.fail
  const paint = passed ? theme.pass : theme.fail
  return [
    row(theme, [
      { text: mark, width: mark.length + 1, paint },
      { text: name, width: 32 },
      { text: shown, width: 22 },
      { text: shownLimit === undefined || (passed && result.limit === measured) ? '' : shownLimit, paint: theme.dim },
    ]),
    ...(why === undefined || passed ? [] : paragraph(theme, why, mark.length + 4)),
  ]
}

function recoveryLines(theme: Theme, { faults, orders, invariants }: Verdict): string[] {
  const slowest = Math.max(0, ...orders.map(({ ms }) => ms))
  const parts = invariants.some(({ name }) => name === 'slowest order') ? [] : [`slowest ${seconds(slowest)}`]
  for (const { fault, recoveryMs } of faults)
    if ('target' in fault && fault.kind !== 'pause' && recoveryMs !== undefined)
      parts.push(`${fault.target} back after ${seconds(recoveryMs)}`)
  // Wrapped between the parts only.
  const text = parts.map((part) => part.replaceAll(' ', '\u00a0')).join(' · ')
  const lines = paragraph(theme, text, 1).map((line) => theme.dim(line.replaceAll('\u00a0', ' ')))
  return parts.length === 0 ? [] : [...lines, '']
}

/** The trace that shows the first failure best, the command that repeats it, the exercise that mends it. */
export function nextSteps(verdict: Verdict, { stays }: { stays: boolean }): [string, string][] {
  const failed = verdict.invariants.find(({ passed }) => !passed)
  const exercise = verdict.invariants.find((result) => !result.passed && result.exercise !== undefined)?.exercise
  const slowest = verdict.orders.toSorted((a, b) => b.ms - a.ms)[0]
  const order = verdict.orders.find(({ planned }) => planned.number === failed?.order) ?? slowest
  const steps: [string, string][] = []
  if (order?.traceUrl !== undefined)
    steps.push(['look', stays ? order.traceUrl : `pnpm workshop trace ${order.traceId}`])
  else if (order !== undefined)
    steps.push(['look', `the trace of order ${order.planned.number} (${order.traceId}) has not arrived`])
  steps.push(['again', againCommand(verdict)])
  if (exercise !== undefined) steps.push(['learn', `pnpm workshop exercise ${exercise}`])
  return steps
}

export function againCommand({ battery, seed, orderService, client, stage }: Verdict): string {
  const order = orderService === 'starting' ? '' : ` --order ${orderService}`
  const impatient = client === 'impatient' ? ' --client impatient' : ''
  const docker = flagOf(stage)
  return `pnpm workshop battery ${battery} --seed ${seed}${order}${impatient}${docker}`
}
