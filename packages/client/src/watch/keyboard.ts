export interface Keyboard {
  /** Gives the terminal to another program until it is taken again. */
  release(): void
  take(): void
}

const NAMES: Record<string, string> = {
  '\u0003': 'ctrl-c',
  '\u0004': 'q',
  '\r': 'enter',
  '\n': 'enter',
  ' ': 'space',
  '\u001b': 'escape',
  '\u001b[A': 'up',
  '\u001bOA': 'up',
  '\u001b[B': 'down',
  '\u001bOB': 'down',
  '\u001b[5~': 'pageup',
  '\u001b[6~': 'pagedown',
  '\u001b[H': 'home',
  '\u001b[F': 'end',
}

/** Keys as they are pressed, by name or as the letter. */
export function listenToKeys(input: NodeJS.ReadStream, onKey: (key: string) => void): Keyboard {
  const listener = (chunk: Buffer) => {
    for (const key of keysIn(chunk.toString('utf8'))) onKey(key)
  }
  const restore = () => void input.setRawMode(false)
  const keyboard = {
    take() {
      input.setRawMode(true)
      input.on('data', listener)
      input.resume()
      process.once('exit', restore)
    },
    release() {
      input.removeListener('data', listener)
      process.removeListener('exit', restore)
      input.setRawMode(false)
      input.pause()
    },
  }
  keyboard.take()
  return keyboard
}

/** Keys that came in one go, as when somebody types fast or pastes. */
export function keysIn(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals send keys as escape sequences
  const sequences = text.match(/\u001b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])?|[\s\S]/gu) ?? []
  return sequences.map((each) => NAMES[each] ?? each.toLowerCase())
}
