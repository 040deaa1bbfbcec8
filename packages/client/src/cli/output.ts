import type { Theme } from '../screen/theme.ts'
import { themeFor } from '../screen/theme.ts'

/** Where a command speaks. With `--json` only one object ever reaches standard output. */
export interface Output {
  readonly theme: Theme
  readonly json: boolean
  /** True when the screen may change in place. */
  readonly live: boolean
  /** For people; nothing with `--json`. */
  print(...lines: readonly string[]): void
  /** What goes on meanwhile; on standard error with `--json`. */
  note(line: string): void
  /** The object of `--json`; nothing without. */
  result(value: unknown): void
}

export function createOutput({ json = false, ascii = false }: { json?: boolean; ascii?: boolean }): Output {
  const stream = json ? process.stderr : process.stdout
  const theme = themeFor(stream, { ascii })
  const write = (lines: readonly string[]) => stream.write(`${lines.join('\n')}\n`)
  return {
    theme,
    json,
    live: !json && process.stdout.isTTY === true && process.env.TERM !== 'dumb',
    print: (...lines) => void (json || write(lines)),
    note: (line) => void write([` ${theme.dim(theme.plain(line))}`]),
    result: (value) => void (json && process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`)),
  }
}
