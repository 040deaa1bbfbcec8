import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** A process that takes containers down when the command that started them is gone without a word. */
export interface Guard {
  /** Lets it end without doing anything. */
  release(): void
}

export interface Guarded {
  readonly project: string
  /** Held by whoever makes or removes containers of the project. */
  readonly lockFile: string
}

/** See main.ts beside this file. It keeps nobody from ending: neither it nor the channel to it is waited for. */
export function guardContainers(guarded: Guarded, environment: NodeJS.ProcessEnv): Guard {
  const { NODE_CHANNEL_FD: _, NODE_CHANNEL_SERIALIZATION_MODE: __, ...env } = environment
  const guard = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), JSON.stringify(guarded)], {
    // A process group of its own: Ctrl-C in the terminal reaches the command alone, which then takes down itself.
    detached: true,
    windowsHide: true,
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  // Without a guard everything works, except that a killed command leaves its containers to the next one.
  guard.on('error', () => undefined)
  guard.unref()
  guard.channel?.unref()
  return {
    release() {
      if (guard.connected) guard.send('released', () => undefined)
    },
  }
}
