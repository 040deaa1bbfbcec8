import { seconds } from '../faults/describe.ts'
import { percentileOf } from '../report/percentile.ts'
import type { Verdict } from '../run/verdict.ts'
import { ends, row } from './layout.ts'
import type { Theme } from './theme.ts'

/** The same battery and seed on two order services, side by side. */
export function renderCompare(theme: Theme, left: Verdict, right: Verdict): string[] {
  const heading = row(theme, [
    { text: `${left.battery} · seed ${left.seed}`, width: LABEL, paint: theme.bold },
    { text: column(left.orderService), width: COLUMN, align: 'right' },
    { text: column(right.orderService), width: COLUMN + MARK, align: 'right' },
  ])
  return [
    heading,
    '',
    ...LINES.map(({ label, value, passed }) =>
      row(theme, [
        { text: label, width: LABEL },
        ...[left, right].flatMap((verdict) => [
          { text: value(verdict), width: COLUMN, align: 'right' as const },
          mark(theme, passed?.(verdict)),
        ]),
      ]),
    ),
    '',
    ...nextSteps(left).map(([label, text]) => ` ${theme.dim(label.padEnd(8))}${text}`),
  ]
}

/** Both answers in a line, and of what. */
export function compareHeadline(theme: Theme, left: Verdict, right: Verdict): string {
  const answer = ({ orderService, invariants }: Verdict) => {
    const failed = invariants.filter(({ passed }) => !passed).length
    const sign = (failed === 0 ? theme.glyphs.pass : theme.glyphs.fail).trim()
    const told = failed === 0 ? `all ${invariants.length} passed` : `${failed} of ${invariants.length} failed`
    return `${sign} ${column(orderService)}: ${told}`
  }
  return ends(theme, `${answer(left)}   ${answer(right)}`, `${left.battery} · seed ${left.seed}`)
}

function nextSteps({ battery, seed }: Verdict): [string, string][] {
  return [
    ['why', `pnpm workshop battery ${battery} --seed ${seed}`],
    ['how', 'solutions/12-game-day/place-order.ts'],
    ['again', `pnpm workshop demo --seed ${seed}`],
  ]
}

const LABEL = 26
const COLUMN = 18
const MARK = 5

interface Line {
  label: string
  value(verdict: Verdict): string
  passed?(verdict: Verdict): boolean
}

const LINES: Line[] = [
  { label: 'orders placed', ...fromInvariant('every order placed') },
  { label: 'saved in all', ...fromInvariant('one order per key') },
  { label: 'priced right', ...fromInvariant('amount and discount right') },
  { label: 'without items', ...fromInvariant('no order without items') },
  { label: 'loyalty told once', ...fromInvariant('loyalty told once of each') },
  { label: 'attempts', value: (verdict) => String(attempts(verdict)) },
  { label: 'p50', value: (verdict) => seconds(percentile(verdict, 0.5)) },
  { label: 'p95', value: (verdict) => seconds(percentile(verdict, 0.95)) },
  { label: 'max', value: (verdict) => seconds(percentile(verdict, 1)) },
]

function fromInvariant(name: string): Pick<Line, 'value' | 'passed'> {
  const find = ({ invariants }: Verdict) => invariants.find((result) => result.name === name)
  return {
    value: (verdict) => find(verdict)?.shown ?? '',
    passed: (verdict) => find(verdict)?.passed ?? true,
  }
}

function column(orderService: string): string {
  if (orderService === 'starting') return 'starting'
  return orderService.startsWith('solution:') ? 'finished' : 'yours'
}

function mark(theme: Theme, passed: boolean | undefined) {
  const { pass, fail } = theme.glyphs
  const text = passed === undefined ? '' : `  ${passed ? pass : fail}`.slice(0, MARK)
  return { text, width: MARK, paint: passed === false ? theme.fail : theme.pass }
}

function attempts({ orders }: Verdict): number {
  return orders.reduce((sum, order) => sum + order.attempts.length, 0)
}

export function percentile({ orders }: Pick<Verdict, 'orders'>, share: number): number {
  return percentileOf(
    orders.map(({ ms }) => ms),
    share,
  )
}
