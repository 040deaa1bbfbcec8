import type { Glyphs } from './glyphs.ts'

export interface Scale {
  /** Milliseconds since the epoch at the left edge. */
  start: number
  /** Milliseconds from edge to edge. */
  total: number
  /** Columns from edge to edge. */
  cells: number
}

/** A span's bar, padded to the whole width of the scale. Never shorter than one cell. */
export function spanBar(scale: Scale, from: number, to: number, failed: boolean, glyphs: Glyphs): string {
  return drawn(scale, from, to, (length) => {
    if (length === 1) return failed ? glyphs.failed : glyphs.point
    return glyphs.from + glyphs.line.repeat(length - 2) + (failed ? glyphs.failed : glyphs.to)
  })
}

/** A fault's band, clipped to the scale. */
export function faultBand(scale: Scale, from: number, to: number, glyphs: Glyphs): string {
  return drawn(scale, from, to, (length) => glyphs.fault.repeat(length))
}

/** A mark for each of several spans, where it starts. */
export function marks(scale: Scale, times: readonly number[], failed: boolean, glyphs: Glyphs): string {
  const mark = failed ? glyphs.failed : glyphs.point
  const marked = new Set(times.map((time) => cellOf(scale, time)))
  return Array.from({ length: scale.cells }, (_, cell) => (marked.has(cell) ? mark : ' ')).join('')
}

function drawn(scale: Scale, from: number, to: number, draw: (length: number) => string): string {
  const left = cellOf(scale, from)
  const end = Math.ceil((to - scale.start) * cellsPerMillisecond(scale))
  const right = Math.min(scale.cells, Math.max(left + 1, end))
  return ' '.repeat(left) + draw(right - left) + ' '.repeat(scale.cells - right)
}

function cellOf(scale: Scale, time: number): number {
  return Math.min(scale.cells - 1, Math.max(0, Math.floor((time - scale.start) * cellsPerMillisecond(scale))))
}

function cellsPerMillisecond({ cells, total }: Scale): number {
  return total > 0 ? cells / total : 0
}
