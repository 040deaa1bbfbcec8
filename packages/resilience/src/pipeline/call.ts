import { isThenable } from '../outcome/is-thenable.ts'
import type { CallerState } from './caller-layer.ts'
import type { AttemptContext, CallContext } from './context.ts'
import type { ExecuteOptions } from './execute-options.ts'
import { copyStates, type HookStates, keepState, stateAt } from './hook-states.ts'
import type { HookedCall } from './hooked-call.ts'
import type { Interruption } from './interruption.ts'
import type { Request } from './request.ts'
import type { Segment } from './segment.ts'

export type CallFunction = (context: CallContext) => unknown

/**
 * One call on its way through a segment. The engine (`run`) moves it inwards and outwards; hooks see it as a
 * `HookedCall`, and may ask for a wait, another attempt or another outcome.
 */
export class Call implements HookedCall, HookStates {
  readonly segment: Segment
  readonly fn: CallFunction
  readonly options: ExecuteOptions
  attempt = 1
  /** The outcome, from the inside outwards. */
  failed = false
  private outcome: unknown = undefined
  detached = false

  /** What `expiresAt` tells; undefined for never, since V8 would allocate a box for an Infinity in each call. */
  limit: number | undefined
  /** How many hooks are entered; the place of the one that is being entered or left. */
  depth = 0
  state0: unknown = undefined
  state1: unknown = undefined
  state2: unknown = undefined
  state3: unknown = undefined
  furtherStates: unknown[] | undefined = undefined
  /** What the caller set, where anything is. */
  caller: CallerState | undefined
  /** What is inside of the hooks, under way. */
  work: PromiseLike<unknown> | undefined
  context: AttemptContext | undefined
  interruption: Interruption | undefined
  /** What a hook has asked for, which the engine does once the hook has returned. */
  request: Request | undefined
  private waiting: Wait | undefined
  /** Rejects what is awaited just now. */
  private reject: ((error: unknown) => void) | undefined
  private enteredAt: number | undefined

  constructor(segment: Segment, fn: CallFunction, options: ExecuteOptions) {
    this.segment = segment
    this.fn = fn
    this.options = options
  }

  get value(): unknown {
    return this.failed ? undefined : this.outcome
  }

  get error(): unknown {
    return this.failed ? this.outcome : undefined
  }

  get expiresAt(): number {
    return this.limit ?? Number.POSITIVE_INFINITY
  }

  narrow(expiresAt: number): void {
    if (this.limit === undefined || expiresAt < this.limit) this.limit = expiresAt
  }

  get started(): boolean {
    return this.context !== undefined
  }

  get cancelled(): boolean {
    return this.interruption?.neutral ?? false
  }

  enterTime(): number {
    this.enteredAt ??= this.segment.world.now()
    return this.enteredAt
  }

  /** For the engine: the hook at `depth` is entered, time has passed since. */
  startAttempt(): void {
    this.depth++
    this.context = undefined
    this.enteredAt = undefined
  }

  /** What the `enter` of the hook at `depth` returned. */
  get state(): unknown {
    return stateAt(this.depth, this)
  }

  keep(state: unknown): void {
    keepState(this.depth, this, state)
  }

  wait(onInterrupt: () => void): void {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.request = { kind: 'wait', promise }
    this.waiting = { onInterrupt, resolve }
    this.reject = reject
  }

  resume(): void {
    const { waiting } = this
    this.waiting = undefined
    this.reject = undefined
    waiting?.resolve()
  }

  refuse(error: unknown): void {
    this.waiting = undefined
    this.reject?.(error)
  }

  succeed(value: unknown): void {
    this.failed = false
    this.outcome = value
  }

  fail(error: unknown): void {
    this.failed = true
    this.outcome = error
  }

  recover(value: unknown): void {
    if (isThenable(value)) this.request = { kind: 'replace', promise: value }
    else this.succeed(value)
  }

  again(delay: number): void {
    this.request = { kind: 'again', delay }
  }

  /**
   * Ends the call early, from the layer at `depth` outwards (-1: all of it): whatever it awaits is given up, the
   * function's signal aborts.
   *
   * @param abandon false: a function that is under way is waited for
   */
  interrupt(error: unknown, depth: number, neutral: boolean, abandon = true): void {
    if (this.interruption !== undefined && this.interruption.depth <= depth) return
    const { waiting } = this
    const reject = abandon || waiting !== undefined ? this.reject : undefined
    this.interruption = { error, depth, neutral, abandoned: reject !== undefined }
    if (reject !== undefined) this.reject = undefined
    this.waiting = undefined
    waiting?.onInterrupt()
    this.context?.abort(this.interruption)
    reject?.(error)
  }

  /** Throws when the call was interrupted while nothing was awaited. */
  check(): void {
    if (this.interruption !== undefined) throw this.interruption.error
  }

  /** The outcome of the work, unless the call is interrupted first. */
  raced(): Promise<unknown> {
    return new Promise(this.race.bind(this))
  }

  private race(resolve: (value: unknown) => void, reject: (error: unknown) => void): void {
    this.reject = reject
    this.work?.then(resolve, reject)
  }

  /** Splits off the part inside of `depth`, whose work goes on though nobody waits for it. */
  detach(depth: number): Call {
    const late = new Call(this.segment, this.fn, this.options)
    late.attempt = this.attempt
    late.detached = true
    late.interruption = this.interruption
    late.context = this.context
    late.depth = this.depth
    copyStates(this, late)
    this.depth = depth
    return late
  }
}

interface Wait {
  readonly onInterrupt: () => void
  readonly resolve: () => void
}
