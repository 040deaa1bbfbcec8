import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** True where tmux is installed; where not, that is said once. */
export function hasTmux(): boolean {
  const found = process.platform !== 'win32' && spawnSync('tmux', ['-V']).status === 0
  if (!found) console.warn('tmux is not installed: menu and guided mode are not driven as a person would.')
  return found
}

export interface Terminal {
  screen(): string
  /** All that was drawn, also what is gone from the screen. */
  drawn(): string
  press(...keys: readonly string[]): void
  /** Resolves with the screen once it shows this; rejects with the screen that it shows instead. */
  shows(pattern: RegExp, within?: number): Promise<string>
  close(): void
}

/** A terminal of 80 by 24 in which a command runs; a tmux server of its own. */
export function openTerminal(folder: string, command: string, environment: Record<string, string>): Terminal {
  const { TMUX: _, NO_COLOR: __, CI: ___, FORCE_COLOR: ____, ...inherited } = process.env
  const env = { ...inherited, ...environment, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' }
  const tmux = (...args: string[]) =>
    execFileSync('tmux', ['-u', '-S', join(folder, 'tmux'), '-f', '/dev/null', ...args], { env, encoding: 'utf8' })
  // What it ends with stays on the screen.
  tmux('new-session', '-d', '-x', '80', '-y', '24', `${command}; echo "ended with $?"; exec cat`)
  const record = join(folder, 'drawn')
  tmux('pipe-pane', `cat > '${record}'`)
  const screen = () => tmux('capture-pane', '-p')
  return {
    screen,
    drawn: () => stripVTControlCharacters(readFileSync(record, 'utf8')),
    press: (...keys) => void tmux('send-keys', ...keys),
    async shows(pattern, within = 90_000) {
      const giveUpAt = performance.now() + within
      for (;;) {
        const text = screen()
        if (pattern.test(text)) return text
        if (performance.now() > giveUpAt) throw new Error(`never showed ${pattern}, but\n${text}`)
        await new Promise((resolve) => setTimeout(resolve, 150))
      }
    },
    close: () => void tmux('kill-server'),
  }
}
