import type { ChildProcess } from 'node:child_process'
import { newestChange } from './newest-change.ts'

export interface StandByOptions {
  /** Starts a process that loads all it needs, and then waits to be told on standard input what it shall run. */
  spawn(): ChildProcess
  onSpawn(child: ChildProcess): void
  /** Folders of what it loads before: after a change in them it is of no use. */
  readonly sources: readonly string[]
  /** After so many milliseconds nobody wants it any more; a quarter of an hour by default. */
  readonly keepFor?: number
}

const KEEP_FOR = 15 * 60_000

/** A process that is ready but for the one thing that changes from start to start. */
export class StandBy {
  readonly #options: StandByOptions
  #child: ChildProcess | undefined
  #loadedAt = 0
  #closed = false
  #patience: NodeJS.Timeout | undefined

  constructor(options: StandByOptions) {
    this.#options = options
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Starts one, unless there is one that has loaded what is on disk. */
  async prepare(): Promise<void> {
    if (this.#child !== undefined && (await newestChange(this.#options.sources)) > this.#loadedAt) await this.#end()
    if (this.#child !== undefined || this.#closed) return
    this.#loadedAt = Date.now()
    const child = this.#options.spawn()
    this.#child = child
    // Whoever wants one that is gone starts another, and hears of what stands in the way.
    for (const event of ['exit', 'error'] as const) child.once(event, () => this.#forget(child))
    this.#options.onSpawn(child)
    clearTimeout(this.#patience)
    this.#patience = setTimeout(() => void this.#end(), this.#options.keepFor ?? KEEP_FOR).unref()
  }

  /** Tells the process what to run and hands it over; undefined when there is none. */
  take(line: string): ChildProcess | undefined {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return undefined
    this.#child = undefined
    child.stdin?.write(`${line}\n`)
    return child
  }

  /** Ends it; there will be no other. */
  close(): Promise<void> {
    this.#closed = true
    return this.#end()
  }

  async #end(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    // Nobody shall be given one that is ending.
    this.#child = undefined
    const exited = new Promise((resolve) => child.once('exit', resolve).once('error', resolve))
    child.kill('SIGKILL')
    await exited
  }

  #forget(child: ChildProcess): void {
    if (this.#child === child) this.#child = undefined
  }
}
