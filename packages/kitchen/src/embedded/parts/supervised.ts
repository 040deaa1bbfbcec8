import type { ChildProcess } from 'node:child_process'
import type { TargetState } from '@chaos-kitchen/disruptor'
import {
  type ProcessExit,
  type ProcessTarget,
  type ProcessTargetOptions,
  processTarget,
} from '@chaos-kitchen/disruptor/processes'
import { StageError } from '../../stage.ts'
import type { LogFile } from './log-file.ts'

export interface SupervisedOptions extends Omit<ProcessTargetOptions, 'onExit' | 'onSpawn'> {
  log: LogFile
  /** Called after every spawn. */
  onSpawn(child: ChildProcess): void
  /** A mistake that no restart mends, read from what the process left; the process then stays down. */
  mistake?(exitCode: number | null, log: LogFile): StageError | undefined
  /** Why it ended by itself, for a person. */
  explain?(exit: ProcessExit, log: LogFile): StageError
}

/** How often a part ended by itself, and why it did so last. */
export interface EndsByItself {
  readonly times: number
  readonly last: string
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
  /** Aborted, with a StageError as its reason, when it is down for good. */
  #failed = new AbortController()
  #endsInARow = 0
  #firstEndAt = 0
  #spawnedAt = 0
  #wanted = false
  /** Aborted at the next end of the process. */
  #ended = new AbortController()
  #isReady = false
  /** The first end before it serves is final. */
  #once = false
  #ends: EndsByItself | undefined

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
      },
      onExit: (exit) => {
        this.#isReady = false
        this.#ended.abort()
        this.#ended = new AbortController()
        if (!exit.expected) this.#endedByItself(exit)
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

  /** Since it was first started; undefined before the first time. */
  get endsByItself(): EndsByItself | undefined {
    return this.#ends
  }

  state(): Promise<TargetState> {
    return this.#target.state()
  }

  /** As `start`, but not tried again when it ends before it serves: what a person has just changed is told at once. */
  startOnce(): Promise<void> {
    const started = this.start()
    this.#once = true
    return started
  }

  start(): Promise<void> {
    this.#once = false
    this.#wanted = true
    if (this.#failed.signal.aborted) this.#failed = new AbortController()
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

  /** @throws StageError as soon as it is down for good; the next `start` tries again */
  async ready(signal: AbortSignal): Promise<void> {
    const failed = this.#failed.signal
    try {
      await this.#target.ready(AbortSignal.any([signal, failed]))
    } catch (error) {
      throw failed.aborted ? failed.reason : error
    }
    this.#served()
  }

  #endedByItself(exit: ProcessExit): void {
    const { code } = exit
    const mistake = this.#options.mistake?.(code, this.log)
    const why = mistake ?? this.#options.explain?.(exit, this.log)
    this.#ends = { times: (this.#ends?.times ?? 0) + 1, last: why?.message ?? `exit code ${code}` }
    if (mistake !== undefined) this.#failed.abort(mistake)
    else if (this.#once && why !== undefined) this.#failed.abort(why)
    if (this.#failed.signal.aborted || !this.#wanted) return
    const now = performance.now()
    if (now - this.#spawnedAt > SETTLED) this.#endsInARow = 0
    if (this.#endsInARow++ === 0) this.#firstEndAt = now
    const hopeless = this.#endsInARow >= GIVE_UP_AFTER.ends && now - this.#firstEndAt > GIVE_UP_AFTER.ms
    if (hopeless) this.#failed.abort(this.#crashed(code))
    else setTimeout(() => this.#startAgain(), Math.min(LAST_DELAY, FIRST_DELAY * 2 ** (this.#endsInARow - 1)))
  }

  async #startAgain(): Promise<void> {
    if (!this.#wanted) return
    const { signal: ended } = this.#ended
    try {
      await this.#target.start()
      // Whether it serves again is what tells a crash at work from a start that fails.
      await this.#target.ready(ended)
      if (!ended.aborted) this.#served()
    } catch (error) {
      // It ended before it served, which has been seen to already, or it could not be spawned, which has no other trace.
      if (!ended.aborted) console.error(error)
    }
  }

  #served(): void {
    if (this.pid === undefined) return
    this.#isReady = true
    this.#once = false
    this.#endsInARow = 0
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
