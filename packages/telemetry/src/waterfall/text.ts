import stringWidth from 'string-width'
import { shortenIds } from '../format.ts'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
// Control characters of a span's name must not reach the terminal.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/gu

/** Makes text from outside safe to print on one line, UUIDs cut to their first eight characters. */
export function printable(text: string, ellipsis: string): string {
  return shortenIds(text.replace(UNPRINTABLE, '?'), ellipsis)
}

/** Exactly so many columns: filled with spaces, or cut in the middle. */
export function fit(text: string, width: number, ellipsis: string): string {
  return cut(text, width, ellipsis, (room) => Math.ceil(room / 2))
}

/** Exactly so many columns: filled with spaces, or cut at the end. */
export function fitStart(text: string, width: number, ellipsis: string): string {
  return cut(text, width, ellipsis, (room) => room)
}

function cut(text: string, width: number, ellipsis: string, headOf: (room: number) => number): string {
  const columns = widthOf(text)
  if (columns <= width) return text + ' '.repeat(width - columns)
  const room = Math.max(0, width - widthOf(ellipsis))
  const parts = [...graphemes.segment(text)].map(({ segment }) => segment)
  const head = take(parts, headOf(room))
  const tail = take(parts.toReversed(), room - widthOf(head.join(''))).toReversed()
  const shorter = head.join('') + (room > 0 ? ellipsis : '') + tail.join('')
  return shorter + ' '.repeat(Math.max(0, width - widthOf(shorter)))
}

export function fitRight(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text
}

function take(parts: readonly string[], room: number): string[] {
  const taken: string[] = []
  let used = 0
  for (const part of parts) {
    used += widthOf(part)
    if (used > room) break
    taken.push(part)
  }
  return taken
}

/** Columns that a text takes in a terminal. */
export function widthOf(text: string): number {
  return stringWidth(text)
}
