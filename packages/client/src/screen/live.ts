/**
 * Without a cursor, and without wrapping: a line that is wider than the window (a long name in an error, a window made
 * narrower) is cut there, instead of taking a second row that nothing counts.
 */
const TAKE = '\u001b[?25l\u001b[?7l'
const GIVE_BACK = '\u001b[?7h\u001b[?25h'
const CLEAR_LINE = '\u001b[2K'

/** Lines that change in place; what was on the screen before them stays. */
export interface LiveScreen {
  show(lines: readonly string[]): void
  /** Leaves the lines that were shown last in the scroll-back and gives the cursor back. Nothing is shown after it. */
  end(): void
}

/** @param signal ends it too, so that what is said about an interruption stands below the lines */
export function liveScreen(stream: NodeJS.WriteStream, signal: AbortSignal): LiveScreen {
  let height = 0
  let ended = false
  const giveBack = () => stream.write(GIVE_BACK)
  const end = () => {
    if (ended) return
    ended = true
    if (height > 0) stream.write('\n')
    giveBack()
    process.removeListener('exit', giveBack)
    signal.removeEventListener('abort', end)
  }
  if (!signal.aborted) stream.write(TAKE)
  process.once('exit', giveBack)
  signal.addEventListener('abort', end)
  return {
    end,
    show(lines) {
      if (ended || signal.aborted) return
      stream.write(moveTo(height) + redraw(lines, height))
      height = lines.length
    },
  }
}

/** From the end of the last line to the beginning of the first. */
function moveTo(height: number): string {
  return height > 1 ? `\r\u001b[${height - 1}A` : '\r'
}

function redraw(lines: readonly string[], height: number): string {
  const body = lines.map((line) => CLEAR_LINE + line).join('\n')
  const stale = height - lines.length
  return stale > 0 ? `${body}${`\n${CLEAR_LINE}`.repeat(stale)}\u001b[${stale}A` : body
}
