export interface Glyphs {
  from: string
  line: string
  to: string
  /** End of a bar that failed. */
  failed: string
  /** A bar of one cell. */
  point: string
  fault: string
  ellipsis: string
  dot: string
}

export const UNICODE: Glyphs = {
  from: '├',
  line: '─',
  to: '┤',
  failed: '✗',
  point: '│',
  fault: '▒',
  ellipsis: '…',
  dot: '·',
}

export const ASCII: Glyphs = {
  from: '|',
  line: '-',
  to: '|',
  failed: 'x',
  point: '|',
  fault: '#',
  ellipsis: '..',
  dot: '-',
}
