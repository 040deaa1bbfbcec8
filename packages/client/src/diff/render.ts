import type { Theme } from '../screen/theme.ts'
import { countOf } from '../screen/words.ts'
import { type Comparison, type DiffLine, type Hunk, pairsOf } from './compare.ts'

/** From so many columns on, both versions fit side by side. */
export const SIDE_BY_SIDE_FROM = 140

/** For a terminal of so many columns: side by side where it is wide, else one below the other. */
export function renderComparison(theme: Theme, comparison: Comparison, columns: number): string[] {
  const { before, after, hunks, added, removed } = comparison
  if (hunks.length === 0) return [theme.plain(` ${before} and ${after} are the same.`)]
  const wide = columns >= SIDE_BY_SIDE_FROM
  const lines = hunks.flatMap((hunk, index) => [
    ...(index === 0 ? [] : [theme.dim(theme.plain('   …'))]),
    ...(wide ? sideBySide(theme, hunk, columns) : unified(theme, hunk, columns)),
  ])
  const names = ` ${theme.fail(theme.plain(`- ${before}`))}   ${theme.pass(theme.plain(`+ ${after}`))}`
  return [names, theme.dim(` ${countOf(removed, 'line')} out, ${countOf(added, 'line')} in`), '', ...lines]
}

const SIGNS = { same: ' ', removed: '-', added: '+' } as const
const NUMBER = 5
/** Of code in a row, however narrow the terminal. */
const LEAST = 10

function unified(theme: Theme, { lines }: Hunk, columns: number): string[] {
  return lines.flatMap((line) => half(theme, line, columns - 1).map(({ text }) => text))
}

function sideBySide(theme: Theme, hunk: Hunk, columns: number): string[] {
  const width = Math.floor((columns - 3) / 2)
  return pairsOf(hunk).flatMap(({ left, right }) => {
    const [before, after] = [half(theme, left, width, 'before'), half(theme, right, width, 'after')]
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => {
      const [a, b] = [before[index] ?? NOTHING, after[index] ?? NOTHING]
      return `${a.text}${' '.repeat(Math.max(0, width - a.length))} ${theme.dim('|')} ${b.text}`.trimEnd()
    })
  })
}

interface Row {
  readonly text: string
  /** Without the colours. */
  readonly length: number
}

const NOTHING: Row = { text: '', length: 0 }

/** A line in as many rows as it takes: what differs may stand at its end. */
function half(theme: Theme, line: DiffLine | undefined, width: number, side?: 'before' | 'after'): Row[] {
  if (line === undefined) return [NOTHING]
  const number = side === undefined ? (line.after ?? line.before) : line[side]
  const paint = line.kind === 'added' ? theme.pass : line.kind === 'removed' ? theme.fail : theme.dim
  return fold(theme.plain(line.text), Math.max(LEAST, width - NUMBER - 3)).map((text, index) => {
    const [sign, shown] = index === 0 ? [SIGNS[line.kind], String(number ?? '')] : [' ', '']
    return {
      text: `${theme.dim(shown.padStart(NUMBER))} ${paint(`${sign} ${text}`)}`,
      length: NUMBER + 3 + text.length,
    }
  })
}

/** Broken at spaces where there are some; what follows stands further in than the line itself. */
function fold(code: string, room: number): string[] {
  const indent = ' '.repeat(Math.min(code.length - code.trimStart().length + 4, Math.floor(room / 2)))
  const rows: string[] = []
  let rest = code
  while (rest.length > room) {
    const space = rest.lastIndexOf(' ', room)
    const end = space > room / 2 ? space : room
    rows.push(rest.slice(0, end))
    rest = indent + rest.slice(end).trimStart()
  }
  return [...rows, rest]
}
