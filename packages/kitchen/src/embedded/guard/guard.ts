import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { nodeEnvironment } from '../parts/node.ts'

/** The host's end of the guard process; see main.ts beside this file. */
export class Guard {
  readonly #watched = new Set<number>()
  readonly #log: () => number
  #process: ChildProcess | undefined
  #released = false

  constructor(log: () => number) {
    this.#log = log
    this.#start()
  }

  watch(child: ChildProcess): void {
    const { pid } = child
    if (pid === undefined) return
    this.#watched.add(pid)
    this.#tell(`+${pid}`)
    child.once('exit', () => {
      this.#watched.delete(pid)
      this.#tell(`-${pid}`)
    })
  }

  /** Lets the guard end; what it still watches, it ends. */
  async release(): Promise<void> {
    this.#released = true
    const guard = this.#process
    if (guard === undefined || guard.exitCode !== null || guard.signalCode !== null) return
    await new Promise((resolve) => {
      guard.once('exit', resolve)
      guard.stdin?.end()
    })
  }

  #start(): void {
    const output = this.#log()
    const guard = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
      env: nodeEnvironment(),
      stdio: ['pipe', output, output],
    })
    this.#process = guard
    // A guard that was killed leaves nothing unguarded: another takes over.
    guard.once('exit', () => !this.#released && this.#start())
    guard.stdin?.on('error', () => undefined)
    guard.on('error', (error) => console.error(error))
    for (const pid of this.#watched) this.#tell(`+${pid}`)
  }

  #tell(line: string): void {
    this.#process?.stdin?.write(`${line}\n`)
  }
}
