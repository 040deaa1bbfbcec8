import { AttemptEnd, type Interruptible } from './attempt-end.ts'
import type { Call } from './call.ts'
import type { Priority } from './execute-options.ts'
import type { Interruption } from './interruption.ts'

/** What the protected function gets: one for each attempt. */
export interface CallContext {
  /**
   * Aborts when nobody waits for this attempt any more: its timeout fired, the deadline passed, the caller cancelled,
   * or a hedged sibling won. The reason is the error that the caller sees. After success it aborts only when the caller's
   * own signal does. Made when first touched.
   */
  readonly signal: AbortSignal
  /** When the caller stops waiting, in epoch milliseconds, timeouts included; undefined where nothing limits it. */
  readonly deadline: number | undefined
  /** 1 for the first attempt. */
  readonly attempt: number
  readonly pipeline: string
  readonly priority: Priority
  /** False when the caller said that the function must not run twice. */
  readonly idempotent: boolean
  /** What the call is about, for policies that share or keep results. */
  readonly key: string | undefined
}

export class AttemptContext implements CallContext {
  readonly attempt: number
  private readonly call: Call
  private readonly limit: number | undefined
  /** Most attempts end by themselves, and nobody asks for their signal. */
  private end: AttemptEnd | undefined

  constructor(call: Call) {
    this.call = call
    this.attempt = call.attempt
    this.limit = call.limit
  }

  get signal(): AbortSignal {
    this.end ??= new AttemptEnd()
    return this.end.signal(this.call.options.signal)
  }

  get deadline(): number | undefined {
    if (this.limit === undefined) return undefined
    const { world } = this.call.segment
    return Math.round(world.epoch() + this.limit - world.now())
  }

  get pipeline(): string {
    return this.call.segment.pipeline
  }

  get priority(): Priority {
    return this.call.options.priority ?? 'normal'
  }

  get idempotent(): boolean {
    return this.call.options.idempotent ?? true
  }

  get key(): string | undefined {
    return this.call.options.key
  }

  abort(interruption: Interruption): void {
    this.end ??= new AttemptEnd()
    this.end.abort(interruption)
  }

  /** The child ends early when this attempt does. */
  adopt(child: Interruptible): void {
    this.end ??= new AttemptEnd()
    this.end.adopt(child)
  }

  release(child: Interruptible): void {
    this.end?.release(child)
  }
}
