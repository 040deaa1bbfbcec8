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

function drawn({ start, total, cells }: Scale, from: number, to: number, draw: (length: number) => string): string {
  const perMillisecond = total > 0 ? cells / total : 0
  const left = Math.min(cells - 1, Math.max(0, Math.floor((from - start) * perMillisecond)))
  const right = Math.min(cells, Math.max(left + 1, Math.ceil((to - start) * perMillisecond)))
  return ' '.repeat(left) + draw(right - left) + ' '.repeat(cells - right)
}
