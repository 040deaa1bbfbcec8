import { cut } from '../screen/layout.ts'
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

function unified(theme: Theme, { lines }: Hunk, columns: number): string[] {
  return lines.map((line) => half(theme, line, columns - 1).text)
}

function sideBySide(theme: Theme, hunk: Hunk, columns: number): string[] {
  const width = Math.floor((columns - 3) / 2)
  return pairsOf(hunk).map(({ left, right }) => {
    const [a, b] = [half(theme, left, width, 'before'), half(theme, right, width, 'after')]
    return `${a.text}${' '.repeat(Math.max(0, width - a.length))} ${theme.dim('|')} ${b.text}`.trimEnd()
  })
}

function half(theme: Theme, line: DiffLine | undefined, width: number, side?: 'before' | 'after') {
  if (line === undefined) return { text: '', length: 0 }
  const number = side === undefined ? (line.after ?? line.before) : line[side]
  const paint = line.kind === 'added' ? theme.pass : line.kind === 'removed' ? theme.fail : theme.dim
  const text = cut(theme.plain(`${SIGNS[line.kind]} ${line.text}`), width - NUMBER - 1)
  return {
    text: `${theme.dim(String(number ?? '').padStart(NUMBER))} ${paint(text)}`,
    length: NUMBER + 1 + text.length,
  }
}
