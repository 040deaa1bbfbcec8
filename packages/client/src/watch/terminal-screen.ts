import { type LiveScreen, liveScreen } from '../screen/live.ts'
import { themeFor } from '../screen/theme.ts'
import { renderWatch } from './screen/render-watch.ts'
import type { WatchState } from './state.ts'

/** The state on the terminal: drawn anew when it looks different, and when the window has another size. */
export interface TerminalScreen {
  show(state: WatchState): void
  /** Leaves what is shown, for another program that takes the terminal. */
  suspend(): void
  resume(): void
  end(): void
  readonly columns: number
}

const CLEAR_ALL = '\u001b[2J\u001b[H'

export function terminalScreen(
  stream: NodeJS.WriteStream,
  { ascii, signal }: { ascii: boolean; signal: AbortSignal },
): TerminalScreen {
  let live: LiveScreen | undefined = liveScreen(stream, signal)
  let last: WatchState | undefined
  let shown = ''
  let planned: NodeJS.Immediate | undefined

  function draw(): void {
    planned = undefined
    if (last === undefined || live === undefined) return
    const lines = renderWatch(themeFor(stream, { ascii }), last, stream.rows || 24)
    const text = lines.join('\n')
    if (text === shown) return
    shown = text
    live.show(lines)
  }

  function suspend(): void {
    clearImmediate(planned)
    planned = undefined
    live?.end()
    live = undefined
  }

  function resume(): void {
    if (signal.aborted) return
    stream.write(CLEAR_ALL)
    shown = ''
    live = liveScreen(stream, signal)
    draw()
  }

  const resized = () => {
    if (live === undefined) return
    suspend()
    resume()
  }
  stream.on('resize', resized)
  return {
    show(state) {
      last = state
      // Many events come at once; one picture is enough.
      planned ??= setImmediate(draw)
    },
    suspend,
    resume,
    end() {
      stream.removeListener('resize', resized)
      if (planned !== undefined) {
        clearImmediate(planned)
        draw()
      }
      suspend()
    },
    get columns() {
      return stream.columns || 80
    },
  }
}
