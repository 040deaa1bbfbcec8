import { row } from '../../screen/layout.ts'
import type { Theme } from '../../screen/theme.ts'

/** The first of these, from the richest to the shortest, that has no more lines; of the last, as many as there is room for, and that is said. */
export function fit(theme: Theme, variants: readonly (() => string[])[], rows: number): string[] {
  let lines: string[] = []
  for (const variant of variants) {
    lines = variant()
    if (lines.length <= rows) return lines
  }
  const shown = lines.slice(0, Math.max(0, rows - 1))
  const more = lines.length - shown.length
  return [...shown, row(theme, [{ text: `… ${more} more lines: a taller window shows them`, paint: theme.dim }])]
}
