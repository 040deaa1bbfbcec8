import type { AttemptContext, CallContext } from './context.ts'
import type { ExecuteOptions } from './execute-options.ts'
import type { Segment } from './segment.ts'

export type CallFunction = (context: CallContext) => unknown

/**
 * One call on its way through a segment: what hooks see of it. The engine (`run`) moves it inwards and outwards; hooks
 * may ask for a wait, another attempt or another outcome.
 */
export class Call {
  readonly segment: Segment
  readonly fn: CallFunction
  readonly options: ExecuteOptions
  /** 1 for the first; counted by whoever asks for another. */
  attempt = 1
  /** When the caller stops waiting, on the world's clock; Infinity: never. Timeouts narrow it for what is inside. */
  expiresAt: number = Number.POSITIVE_INFINITY
  /** The outcome, from the inside outwards. */
  failed = false
  value: unknown = undefined
  error: unknown = undefined
  /** True for the late exits of an attempt that was given up: its outcome interests nobody but the counters. */
  detached = false

  /** How many hooks are entered. */
  depth = 0
  readonly states: unknown[]
  context: AttemptContext | undefined
  interruption: Interruption | undefined
  waiting: Promise<void> | undefined
  nextDelay = -1
  replacement: Promise<unknown> | undefined
  private onInterrupt: (() => void) | undefined
  private resolveWait: (() => void) | undefined
  /** Rejects what is awaited just now. */
  private reject: ((error: unknown) => void) | undefined

  constructor(segment: Segment, fn: CallFunction, options: ExecuteOptions) {
    this.segment = segment
    this.fn = fn
    this.options = options
    this.states = []
  }

  /** Milliseconds that the caller still waits; Infinity where nothing limits it. */
  remaining(): number {
    return this.expiresAt === Number.POSITIVE_INFINITY ? this.expiresAt : this.expiresAt - this.segment.world.now()
  }

  /** True when this attempt got as far as the function (or a wrap layer). */
  get started(): boolean {
    return this.context !== undefined
  }

  /** True when the caller itself gave up (cancelled, or its deadline passed): says nothing about the callee. */
  get cancelled(): boolean {
    return this.interruption?.neutral ?? false
  }

  /**
   * In `enter`: the call waits until `resume` or `refuse`. When it is interrupted meanwhile, `onInterrupt` is called at
   * once (to leave the queue), and neither `resume` nor `exit` will be.
   */
  wait(onInterrupt: () => void): void {
    this.onInterrupt = onInterrupt
    this.waiting = new Promise((resolve, reject) => {
      this.resolveWait = resolve
      this.reject = reject
    })
  }

  /** For the engine: what `wait` left to be awaited. */
  takeWaiting(): Promise<void> | undefined {
    const { waiting } = this
    this.waiting = undefined
    return waiting
  }

  /** Ends the wait: the layer counts as entered from now on. */
  resume(): void {
    this.onInterrupt = undefined
    this.reject = undefined
    this.resolveWait?.()
  }

  /** Ends the wait: the call is turned away. */
  refuse(error: unknown): void {
    this.onInterrupt = undefined
    this.reject?.(error)
  }

  /** In `exit`: the outcome becomes this error. */
  fail(error: unknown): void {
    this.failed = true
    this.error = error
  }

  /** In `exit`: the outcome becomes this value, or what the promise comes to. */
  recover(value: unknown): void {
    if (isThenable(value)) {
      this.replacement = Promise.resolve(value)
      return
    }
    this.failed = false
    this.value = value
  }

  /** In `exit`: everything inside of this layer runs once more, after `delay` milliseconds. */
  again(delay: number): void {
    this.nextDelay = delay
  }

  /**
   * Ends the call early, from the layer at `depth` outwards (-1: all of it): whatever it awaits is given up, the
   * function's signal aborts.
   *
   * @param abandon false: a function that is under way is waited for
   */
  interrupt(error: unknown, depth: number, neutral: boolean, abandon = true): void {
    if (this.interruption !== undefined && this.interruption.depth <= depth) return
    const { onInterrupt } = this
    const reject = abandon || onInterrupt !== undefined ? this.reject : undefined
    this.interruption = { error, depth, neutral, abandoned: reject !== undefined }
    if (reject !== undefined) this.reject = undefined
    this.onInterrupt = undefined
    onInterrupt?.()
    this.context?.abort(error, neutral)
    reject?.(error)
  }

  /** Throws when the call was interrupted while nothing was awaited. */
  check(): void {
    if (this.interruption !== undefined) throw this.interruption.error
  }

  /** The promise's outcome, unless the call is interrupted first. */
  race(promise: PromiseLike<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.reject = reject
      promise.then(resolve, reject)
    })
  }

  /** Splits off the part inside of `depth`, whose work goes on though nobody waits for it. */
  detach(depth: number): Call {
    const late = new Call(this.segment, this.fn, this.options)
    late.attempt = this.attempt
    late.detached = true
    late.interruption = this.interruption
    late.context = this.context
    late.depth = this.depth
    for (let index = depth; index < this.depth; index++) late.states[index] = this.states[index]
    this.depth = depth
    return late
  }
}

/** Why a call ends early. `neutral`: by the caller's own doing, so that no policy counts it against the callee. */
export interface Interruption {
  readonly error: unknown
  readonly depth: number
  readonly neutral: boolean
  /** True when what was awaited was given up, false when it was waited for. */
  readonly abandoned: boolean
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  )
}
