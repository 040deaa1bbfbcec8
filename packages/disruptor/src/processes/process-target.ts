import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Target, TargetState } from '../target.ts'
import { isRunning } from './identity.ts'
import { killTree, pauseTree, resumeTree, signal as signalProcess } from './tree.ts'

export interface ProcessTargetOptions {
  name: string
  /** True by default. */
  eligible?: boolean
  /** Starts the process; called for every start. */
  spawn(): ChildProcess
  /** Resolves once the process serves; rejects when `signal` aborts. */
  ready(signal: AbortSignal): Promise<void>
  /** Asks the process to end; SIGTERM by default, and end of standard input on Windows, which has no signals. */
  askToStop?(child: ChildProcess): void
  /** Milliseconds from asking until SIGKILL. 5000 by default. */
  stopWithin?: number
  /** Pause and kill its descendants with it, as freezing or killing a container does. */
  tree?: boolean
  onSpawn?(child: ChildProcess): void
  /** `expected` is false when it ended by itself or by somebody else's hand. */
  onExit?(exit: ProcessExit): void
}

export interface ProcessExit {
  code: number | null
  signal: NodeJS.Signals | null
  expected: boolean
}

export interface ProcessTarget extends Target {
  /** Undefined while it is stopped. */
  readonly pid: number | undefined
}

/** A child process as a target. Calls are carried out one after the other, in the order in which they came. */
export function processTarget(options: ProcessTargetOptions): ProcessTarget {
  return new ChildTarget(options)
}

class ChildTarget implements ProcessTarget {
  readonly name: string
  readonly eligible: boolean
  readonly #options: ProcessTargetOptions
  #child: ChildProcess | undefined
  #paused = false
  /** Its descendants, while they are frozen. */
  #frozen: number[] = []
  #ending = false
  #queue: Promise<unknown> = Promise.resolve()

  constructor(options: ProcessTargetOptions) {
    this.name = options.name
    this.eligible = options.eligible ?? true
    this.#options = options
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  async state(): Promise<TargetState> {
    if (this.#child === undefined) return 'stopped'
    return this.#paused ? 'paused' : 'running'
  }

  start(): Promise<void> {
    return this.#next(async () => {
      if (this.#child !== undefined) return
      const child = this.#options.spawn()
      this.#paused = false
      this.#ending = false
      // Before any wait, so that no end of it is missed.
      child.once('exit', (code, name) => this.#ended(child, code, name))
      if (child.pid === undefined) await once(child, 'spawn')
      this.#child = child
      this.#options.onSpawn?.(child)
    })
  }

  stop(): Promise<void> {
    return this.#next((child) => this.#end(child))
  }

  kill(): Promise<void> {
    return this.#next((child) => this.#killed(child))
  }

  pause(): Promise<void> {
    return this.#next(async (child) => {
      if (child?.pid === undefined || this.#paused) return
      if (process.platform === 'win32') throw new Error(`Windows cannot freeze a process; stop ${this.name} instead`)
      this.#paused = true
      if (this.#options.tree) this.#frozen = pauseTree(child.pid)
      else signalProcess(child.pid, 'SIGSTOP')
    })
  }

  resume(): Promise<void> {
    return this.#next(async () => this.#resumed())
  }

  ready(signal: AbortSignal): Promise<void> {
    return this.#options.ready(signal)
  }

  async #end(child: ChildProcess | undefined): Promise<void> {
    if (child === undefined) return
    this.#ending = true
    // A frozen process would not see the request.
    this.#resumed()
    if (this.#options.askToStop) this.#options.askToStop(child)
    else if (process.platform === 'win32') child.stdin?.end()
    else child.kill('SIGTERM')
    if (!(await exitWithin(child, this.#options.stopWithin ?? 5_000))) await this.#killed(child)
  }

  async #killed(child: ChildProcess | undefined): Promise<void> {
    if (child?.pid === undefined) return
    this.#ending = true
    const exited = once(child, 'exit')
    if (this.#options.tree || process.platform === 'win32') await gone(killTree(child.pid))
    else child.kill('SIGKILL')
    if (this.#child === child) await exited
  }

  #resumed(): void {
    if (this.#child?.pid === undefined || !this.#paused) return
    this.#paused = false
    this.#frozen = []
    if (this.#options.tree) resumeTree(this.#child.pid)
    else signalProcess(this.#child.pid, 'SIGCONT')
  }

  #ended(child: ChildProcess, code: number | null, name: NodeJS.Signals | null): void {
    if (this.#child !== child) return
    this.#child = undefined
    this.#paused = false
    // Killed by another hand while all were frozen: its descendants would stay so for ever, with all that they hold.
    for (const pid of this.#frozen.splice(0)) signalProcess(pid, 'SIGKILL')
    this.#options.onExit?.({ code, signal: name, expected: this.#ending })
  }

  #next(act: (child: ChildProcess | undefined) => Promise<void>): Promise<void> {
    const done = this.#queue.then(() => act(this.#child))
    this.#queue = done.catch(() => undefined)
    return done
  }
}

function exitWithin(child: ChildProcess, ms: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(true)
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms, false)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}

/** The kernel ends killed processes in its own time; what they held (sockets, shared memory) is free only then. */
async function gone(pids: number[]): Promise<void> {
  const deadline = Date.now() + 2_000
  while (pids.some(isRunning) && Date.now() < deadline) await sleep(5)
}
