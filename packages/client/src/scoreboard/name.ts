const LONGEST = 32
const MOST_MARKS = 4
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * A name as the board shows it: one line, at most 32 letters as people count them, without invisible signs or those that
 * turn the direction of writing, and without towers of accents. Undefined when nothing is left.
 */
export function normalName(text: string): string | undefined {
  const cleaned = text
    .slice(0, 1_000)
    .toWellFormed()
    .replace(/[\s\p{Z}]/gu, ' ')
    .replace(/[\p{C}\ufffd]/gu, '')
    .replace(/ +/g, ' ')
    .normalize('NFC')
    .replace(new RegExp(`(\\p{M}{${MOST_MARKS}})\\p{M}+`, 'gu'), '$1')
  const shown = [...graphemes.segment(cleaned.trim())].slice(0, LONGEST).map(({ segment }) => segment)
  const name = shown.join('').trim()
  return /[\p{L}\p{N}\p{S}\p{P}]/u.test(name) ? name : undefined
}

/** Equal for names that people would take for the same. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}
