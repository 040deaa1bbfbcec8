import type { Theme } from './theme.ts'

/** A cell of a row: padded to its width first, coloured afterwards. */
export interface Cell {
  readonly text: string
  /** The rest of the line when absent. */
  readonly width?: number
  readonly align?: 'left' | 'right'
  readonly paint?: (text: string) => string
}

/** One line of cells, never wider than the screen. */
export function row(theme: Theme, cells: readonly Cell[]): string {
  let left = theme.width - 1
  let line = ' '
  for (const cell of cells) {
    const width = Math.min(cell.width ?? left, left)
    const text = cut(theme.plain(cell.text), width)
    const padding = ' '.repeat(cell.width === undefined ? 0 : width - text.length)
    const painted = (cell.paint ?? ((plain) => plain))(text)
    line += cell.align === 'right' ? padding + painted : painted + padding
    left -= width
  }
  return line.trimEnd()
}

/** Text at both ends of a line. */
export function ends(
  theme: Theme,
  left: string,
  right: string,
  paintLeft: (text: string) => string = (text) => text,
): string {
  const tail = theme.plain(right)
  const room = theme.width - 3 - tail.length
  return row(theme, [
    { text: left, width: room, paint: paintLeft },
    { text: ' ', width: 1 },
    { text: tail, paint: theme.dim },
  ])
}

const UUID = /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g

/** Wraps at spaces, indented, IDs cut to what tells them apart. A word that is longer than the line (a link) stays whole. */
export function paragraph(theme: Theme, text: string, indent = 5): string[] {
  const room = Math.min(theme.width, 80) - indent - 1
  const lines: string[] = []
  let line = ''
  for (const word of theme.plain(text.replace(UUID, '$1…')).split(/[ \n]+/)) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  if (line !== '') lines.push(line)
  return lines.map((wrapped) => ' '.repeat(indent) + wrapped)
}

export function cut(text: string, width: number): string {
  if (text.length <= width) return text
  return width < 3 ? text.slice(0, width) : `${text.slice(0, width - 2)}..`
}

export function progressBar(theme: Theme, done: number, of: number, width = 20): string {
  const full = of === 0 ? width : Math.round((done / of) * width)
  return theme.accent(theme.glyphs.full.repeat(full)) + theme.dim(theme.glyphs.empty.repeat(width - full))
}
