import { cut, paragraph, row } from '../../screen/layout.ts'
import type { Theme } from '../../screen/theme.ts'
import type { CodeLine, Mistake, Place } from '../mistake.ts'

/** What is wrong, where, the code with a caret, what to do. */
export function mistakeLines(theme: Theme, mistake: Mistake, { brief = false } = {}): string[] {
  const { what, meaning, remedy, place, code } = mistake
  const where = place === undefined ? [] : [...placeLines(theme, place, brief ? code.slice(-1) : code), '']
  return [
    ...paragraph(theme, `${theme.glyphs.fail.trim()} ${what}`, 1).map(theme.fail),
    '',
    ...where,
    ...(meaning === undefined || brief ? [] : paragraph(theme, meaning, 1)),
    ...remedy.flatMap((step) => paragraph(theme, step, 3)),
  ]
}

export function placeInWords({ file, line, column }: Place): string {
  return [file, line, column].filter((part) => part !== undefined).join(':')
}

function placeLines(theme: Theme, place: Place, code: readonly CodeLine[]): string[] {
  const gutter = String(code.at(-1)?.number ?? '').length + 3
  const room = theme.width - gutter - 3
  const column = Math.max(1, place.column ?? 1)
  // A long line is shown from where its mistake can be seen.
  const skipped = Math.max(0, column - Math.floor(room * 0.8))
  const lines = code.map(({ number, text }) => {
    const wrong = number === place.line
    return row(theme, [
      { text: String(number), width: gutter - 1, align: 'right', paint: wrong ? theme.fail : theme.dim },
      { text: wrong ? ` ${theme.glyphs.cursor}` : '', width: 3, paint: theme.fail },
      { text: cut(text.slice(skipped), room), ...(!wrong && { paint: theme.dim }) },
    ])
  })
  const caret = ' '.repeat(Math.min(room - 1, column - 1 - skipped) + gutter + 3) + theme.fail('^')
  return [` ${placeInWords(place)}`, ...lines, ...(place.column === undefined || code.length === 0 ? [] : [caret])]
}
