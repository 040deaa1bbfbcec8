/** How things look: colour or none, signs or words. Everything on the screen goes through one of these. */
export interface Theme {
  readonly width: number
  readonly glyphs: Glyphs
  accent(text: string): string
  pass(text: string): string
  fail(text: string): string
  dim(text: string): string
  bold(text: string): string
  /** Replaces signs that a plain terminal may not have. Before anything is measured or padded. */
  plain(text: string): string
}

export interface Glyphs {
  readonly pass: string
  readonly fail: string
  readonly wait: string
  readonly cursor: string
  readonly full: string
  readonly empty: string
}

export interface ThemeOptions {
  colour: boolean
  ascii: boolean
  /** Columns; 80 by default, and never more than 100, for reading. */
  width?: number
}

const SIGNS: Glyphs = { pass: '✓', fail: '✗', wait: '·', cursor: '›', full: '█', empty: '░' }
const WORDS: Glyphs = { pass: 'ok  ', fail: 'FAIL', wait: '..  ', cursor: '>', full: '#', empty: '.' }

export function createTheme({ colour, ascii, width = 80 }: ThemeOptions): Theme {
  const paint = (open: number, close: number) => (text: string) =>
    colour && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text
  return {
    width: Math.max(40, Math.min(width, 100)),
    glyphs: ascii ? WORDS : SIGNS,
    accent: paint(36, 39),
    pass: paint(32, 39),
    fail: paint(31, 39),
    dim: paint(90, 39),
    bold: paint(1, 22),
    plain: ascii ? toAscii : (text) => text,
  }
}

const REPLACEMENTS: Record<string, string> = {
  '→': '->',
  '…': '..',
  '·': '-',
  '–': '-',
  '›': '>',
  '✓': 'ok',
  '✗': 'FAIL',
  '×': 'x',
  '\u00a0': '\u00a0',
  '’': "'",
  '█': '#',
  '░': '.',
  '▒': '%',
  '├': '|',
  '┤': '|',
  '─': '-',
}

function toAscii(text: string): string {
  return Array.from(text, (sign) => (sign.charCodeAt(0) < 128 ? sign : (REPLACEMENTS[sign] ?? '?'))).join('')
}

/** The theme for a stream: NO_COLOR, FORCE_COLOR, `--ascii` and the absence of a terminal are all honoured. */
export function themeFor(stream: NodeJS.WriteStream, { ascii = false }: { ascii?: boolean } = {}): Theme {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  const colour = !NO_COLOR && (FORCE_COLOR ? FORCE_COLOR !== '0' : stream.isTTY === true && TERM !== 'dumb')
  return createTheme({
    colour,
    ascii: ascii || TERM === 'dumb' || TERM === 'linux',
    ...(stream.columns > 0 && { width: stream.columns }),
  })
}
