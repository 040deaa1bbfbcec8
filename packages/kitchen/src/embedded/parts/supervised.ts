import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TargetState } from '@chaos-kitchen/disruptor'
import { type ProcessTarget, type ProcessTargetOptions, processTarget } from '@chaos-kitchen/disruptor/processes'
import { StageError } from '../../stage.ts'
import type { LogFile } from './log-file.ts'

export interface SupervisedOptions extends Omit<ProcessTargetOptions, 'onExit' | 'onSpawn'> {
  log: LogFile
  /** Called after every spawn. */
  onSpawn(child: ChildProcess): void
  /** A mistake that no restart mends, read from what the process left; the process then stays down. */
  mistake?(exitCode: number | null, log: LogFile): StageError | undefined
}

/** Restarts wait twice as long each time, from the first to the last of these milliseconds. */
const FIRST_DELAY = 50
const LAST_DELAY = 3_000
/** A process that lived this long starts over with the first delay. */
const SETTLED = 5_000
/**
 * A start has failed for good after so many ends in a row, none of them after it served, over so many milliseconds. A
 * killed PostgreSQL needs some tries until the kernel has let go of what its old processes held.
 */
const GIVE_UP_AFTER = { ends: 4, ms: 6_000 }

/**
 * A target that is started again when it ends by itself. What the disruptor stopped stays down until it is started:
 * only `stop` and `kill` of this object make an end expected.
 */
export class Supervised implements ProcessTarget {
  readonly name: string
  readonly eligible: boolean
  readonly log: LogFile
  readonly #options: SupervisedOptions
  readonly #target: ProcessTarget
  #failure: StageError | undefined
  #endsInARow = 0
  #firstEndAt = 0
  #spawnedAt = 0
  #wanted = false
  #isReady = false

  constructor(options: SupervisedOptions) {
    this.name = options.name
    this.eligible = options.eligible ?? true
    this.log = options.log
    this.#options = options
    this.#target = processTarget({
      ...options,
      onSpawn: (child) => {
        this.#spawnedAt = performance.now()
        this.log.close()
        options.onSpawn(child)
        this.#noteReady(child)
      },
      onExit: ({ code, expected }) => {
        this.#isReady = false
        if (!expected) this.#endedByItself(code)
      },
    })
  }

  get pid(): number | undefined {
    return this.#target.pid
  }

  /** It served since it was started, and has not ended. */
  get isReady(): boolean {
    return this.#isReady
  }

  /** Why it is down for good; the next `start` tries again. */
  get failure(): StageError | undefined {
    return this.#failure
  }

  state(): Promise<TargetState> {
    return this.#target.state()
  }

  start(): Promise<void> {
    this.#wanted = true
    this.#failure = undefined
    this.#endsInARow = 0
    return this.#target.start()
  }

  stop(): Promise<void> {
    this.#wanted = false
    return this.#target.stop()
  }

  kill(): Promise<void> {
    this.#wanted = false
    return this.#target.kill()
  }

  pause(): Promise<void> {
    return this.#target.pause()
  }

  resume(): Promise<void> {
    return this.#target.resume()
  }

  /** @throws StageError as soon as it is down for good. */
  async ready(signal: AbortSignal): Promise<void> {
    const failed = new AbortController()
    const waiting = this.#target.ready(AbortSignal.any([signal, failed.signal]))
    const watching = this.#failed(failed.signal).then((failure) => {
      failed.abort(failure)
      throw failure
    })
    watching.catch(() => undefined)
    try {
      const { pid } = this
      await Promise.race([waiting, watching])
      if (pid !== undefined && pid === this.pid) this.#served()
    } finally {
      failed.abort()
      waiting.catch(() => undefined)
    }
  }

  /** Whether it served since its start is what tells a crash at work from a start that fails. */
  #noteReady(child: ChildProcess): void {
    const ended = new AbortController()
    child.once('exit', () => ended.abort())
    this.#target.ready(ended.signal).then(
      () => {
        if (!ended.signal.aborted) this.#served()
      },
      () => undefined,
    )
  }

  #served(): void {
    this.#isReady = true
    this.#endsInARow = 0
  }

  async #failed(signal: AbortSignal): Promise<StageError> {
    while (this.#failure === undefined) await sleep(10, undefined, { signal })
    return this.#failure
  }

  #endedByItself(code: number | null): void {
    this.#failure = this.#options.mistake?.(code, this.log)
    if (this.#failure !== undefined || !this.#wanted) return
    const now = performance.now()
    if (now - this.#spawnedAt > SETTLED) this.#endsInARow = 0
    if (this.#endsInARow++ === 0) this.#firstEndAt = now
    if (this.#endsInARow >= GIVE_UP_AFTER.ends && now - this.#firstEndAt > GIVE_UP_AFTER.ms) {
      this.#failure = this.#crashed(code)
      return
    }
    const delay = Math.min(LAST_DELAY, FIRST_DELAY * 2 ** (this.#endsInARow - 1))
    setTimeout(() => {
      if (!this.#wanted) return
      // A failed spawn shows as an end that is not expected, or here; either way the next look says so.
      this.#target.start().catch((error) => console.error(error))
    }, delay)
  }

  #crashed(code: number | null): StageError {
    const last = this.log.lines().at(-1) ?? 'it printed nothing'
    return new StageError('part-crashed', {
      what: `${this.name} ended ${this.#endsInARow} times while it started (exit code ${code}).`,
      meaning: `Its last line: ${last.slice(0, 300)}`,
      remedy: [`tail ${this.log.path}    to see all that it said`, 'pnpm workshop doctor    to check this machine'],
    })
  }
}
