const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
const CLEAR_LINE = '\u001b[2K'

/** Lines that change in place; what was on the screen before them stays. */
export interface LiveScreen {
  show(lines: readonly string[]): void
  /** Leaves these lines (or the last ones shown) in the scroll-back and gives the cursor back. */
  end(lines?: readonly string[]): void
}

export function liveScreen(stream: NodeJS.WriteStream): LiveScreen {
  let height = 0
  stream.write(HIDE_CURSOR)
  const restoreCursor = () => stream.write(SHOW_CURSOR)
  process.once('exit', restoreCursor)
  const show = (lines: readonly string[]) => {
    const up = height > 1 ? `\u001b[${height - 1}A` : ''
    const stale = Math.max(0, height - lines.length)
    const body = lines.map((line) => `${CLEAR_LINE}${line}`).join('\n')
    const rest = stale > 0 ? [`\n${CLEAR_LINE}`.repeat(stale), `\u001b[${stale}A`].join('') : ''
    stream.write(`\r${height > 0 ? up : ''}${body}${rest}`)
    height = lines.length
  }
  return {
    show,
    end(lines) {
      if (lines !== undefined) show(lines)
      stream.write(`\n${SHOW_CURSOR}`)
      process.removeListener('exit', restoreCursor)
      height = 0
    },
  }
}
